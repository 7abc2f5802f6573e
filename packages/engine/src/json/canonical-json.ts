import { CmoError } from "../error/cmo-error.ts";

/**
 * JSON with the keys of every object sorted by UTF-16 code units and no white space, so that equal values are equal
 * texts. Reads back (`JSON.parse`) as what `JSON.stringify` would have given: `undefined`, functions and symbols are
 * left out of objects and are null in lists, `-0` is `0`, `toJSON` is honoured.
 * @throws CmoError `invariant_violated` for what has no faithful JSON: a cycle, a number that is not finite, a bigint,
 * or nothing at all.
 */
export function canonicalJson(value: unknown): string {
  const text = write(value, "", []);
  if (text === undefined) throw unfit("nothing");
  return text;
}

function write(value: unknown, key: string, ancestors: readonly object[]): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw unfit(`the number ${value}`);
      return JSON.stringify(value);
    case "object":
      return value === null ? "null" : writeObject(value, key, ancestors);
    case "bigint":
      throw unfit("a bigint");
    default:
      return undefined;
  }
}

function writeObject(value: object, key: string, ancestors: readonly object[]): string | undefined {
  if (ancestors.includes(value)) throw unfit("a cycle");
  const within = [...ancestors, value];
  if ("toJSON" in value && typeof value.toJSON === "function") return write(value.toJSON(key), key, within);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => write(item, String(index), within) ?? "null").join(",")}]`;
  }
  const members: string[] = [];
  for (const [name, item] of Object.entries(value).sort(byName)) {
    const text = write(item, name, within);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(",")}}`;
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function unfit(what: string): CmoError {
  return new CmoError("invariant_violated", `Canonical JSON cannot hold ${what}.`);
}
