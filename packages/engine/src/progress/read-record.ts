/** The value as an object with fields, or null: a list, a function and a primitive have none. Does not throw. */
export function readRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return isRecord(value) ? value : null;
}

/** An own field of a foreign object; undefined where reading it throws. */
export function readField(record: Readonly<Record<string, unknown>>, key: string): unknown {
  try {
    return Object.hasOwn(record, key) ? record[key] : undefined;
  } catch {
    return undefined;
  }
}

/** The own fields of a foreign object as plain data, each read once; without those that throw when they are read. */
export function readFields(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return { ...record };
  } catch {
    return Object.fromEntries(fieldNames(record).map((name) => [name, readField(record, name)]));
  }
}

function fieldNames(record: Readonly<Record<string, unknown>>): string[] {
  try {
    return Object.keys(record);
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  try {
    return !Array.isArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}
