import { corruptError } from "./corrupt-error.ts";

/**
 * What {@link JSON.stringify} made of a value of this type, read back. The type is the caller's word: it names what
 * this store wrote into that column. @throws CmoError `store_corrupt` for text that is no JSON.
 */
export function parseStored<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw corruptError("a column holds no JSON", error);
  }
}

/** Plain JSON that nobody can change any more, so that it may be given out and kept at the same time. */
export function freezeJson<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freezeJson(inner);
  return Object.freeze(value);
}
