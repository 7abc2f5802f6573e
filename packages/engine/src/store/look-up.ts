import { compareText } from "./compare-text.ts";

/** What there is under these keys. */
export function lookUp(
  keys: readonly string[],
  find: (key: string) => string | undefined,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const key of keys) {
    const value = find(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}

/** Those whose key comes after `after`, by the code points of their keys. */
export function pageOf<T>(
  all: Iterable<T>,
  keyOf: (one: T) => string,
  after: string | null = null,
  limit = Infinity,
): T[] {
  return [...all]
    .filter((one) => after === null || compareText(keyOf(one), after) > 0)
    .sort((a, b) => compareText(keyOf(a), keyOf(b)))
    .slice(0, limit);
}
