import { CmoError, canonicalJson } from "@cmo/engine";

/**
 * A request as text, by which it is known again: the same for the same values, in whatever order they came.
 * @throws CmoError `usage` for one that is nested so deeply that nothing can be meant by it.
 */
export function canonicalRequest(request: object): string {
  let level: readonly object[] = [request];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === deepest) {
      throw new CmoError("usage", "The request is nested too deeply.", {
        problems: [{ path: [], message: "is nested too deeply" }],
      });
    }
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  }
  return canonicalJson(request);
}

/** A config has four levels; what older callers send beside it may have some more. */
const deepest = 64;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
