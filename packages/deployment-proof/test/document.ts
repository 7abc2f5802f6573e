import { parse, parseAllDocuments } from "yaml";

/** A YAML file of one document, with its merges (`<<`) made. */
export function readYaml(text: string): unknown {
  return parse(text, { merge: true });
}

/** A YAML file of several documents. @throws Error for one that is not right. */
export function readAllYaml(text: string): unknown[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    if ("errors" in document && document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** What stands at a path, or undefined. */
export function find(document: unknown, ...path: readonly (string | number)[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** The map at a path. @throws Error where there is none. */
export function mapAt(document: unknown, ...path: readonly (string | number)[]): Record<string, unknown> {
  const value = find(document, ...path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw missing("map", path);
  return Object.fromEntries(Object.entries(value));
}

/** The list at a path; none where nothing is. */
export function listAt(document: unknown, ...path: readonly (string | number)[]): unknown[] {
  const value = find(document, ...path) ?? [];
  if (!Array.isArray(value)) throw missing("list", path);
  return value;
}

/** The text or number at a path, as text. @throws Error where there is none. */
export function textAt(document: unknown, ...path: readonly (string | number)[]): string {
  const value = find(document, ...path);
  if (typeof value !== "string" && typeof value !== "number") throw missing("text", path);
  return String(value);
}

/** The texts of a list. */
export function textsAt(document: unknown, ...path: readonly (string | number)[]): string[] {
  return listAt(document, ...path).map(String);
}

function missing(what: string, path: readonly (string | number)[]): Error {
  return new Error(`there is no ${what} at ${path.join(".")}`);
}
