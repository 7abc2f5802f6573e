/** An object of parsed JSON. */
export type StoredObject = Readonly<Record<string, unknown>>;

/** The value of JSON text; undefined for what is none. */
export function parseStored(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value as an object, or null when it is none. */
export function objectOf(value: unknown): StoredObject | null {
  return isObject(value) ? value : null;
}

/** The object with something else under a key, where there is something under it. */
export function withChanged(
  object: StoredObject,
  key: string,
  change: (value: unknown) => unknown,
): StoredObject {
  return object[key] === undefined ? object : { ...object, [key]: change(object[key]) };
}

/** The members of a list; none for what is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is StoredObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
