/** The first place where two JSON values differ. */
export interface JsonDifference {
  /** Keys and indexes with points between them; empty for the values as a whole. */
  readonly path: string;
  /** Undefined for what is not there. */
  readonly expected: unknown;
  readonly found: unknown;
}

/** The first difference between two JSON values, by the keys of the expected one; null when there is none. */
export function compareJson(expected: unknown, found: unknown, path = ""): JsonDifference | null {
  if (!isBranch(expected) || !isBranch(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return Object.is(expected, found) ? null : { path, expected, found };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const inner = path === "" ? key : `${path}.${key}`;
    const difference = compareJson(expected[key], found[key], inner);
    if (difference !== null) return difference;
  }
  return null;
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
