import type { Difference } from "@cmo/contract";
import { canonicalJson } from "@cmo/engine";

/**
 * What differs between two JSON values, in the order of the first with what only the second has behind it. Mappings are
 * gone into; lists and everything else are compared as a whole.
 */
export function compareValues(a: unknown, b: unknown, key = ""): Difference[] {
  if (isMapping(a) && isMapping(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].flatMap((name) =>
      compareValues(a[name], b[name], key === "" ? name : `${key}.${name}`),
    );
  }
  const [one, other] = [a ?? null, b ?? null];
  return canonicalJson(one) === canonicalJson(other) ? [] : [{ key, a: one, b: other }];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
