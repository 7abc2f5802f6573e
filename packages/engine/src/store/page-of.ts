import { compareText } from "./compare-text.ts";

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
