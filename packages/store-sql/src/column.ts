import { corruptError } from "./corrupt-error.ts";

/** A value that a column can be given. There are no booleans: the driver ends the process over one. */
export type ColumnValue = string | number | Uint8Array | null;

/** A row as it was read; the columns are told apart by their place. */
export type Row = readonly unknown[];

/** A text column. @throws CmoError `store_corrupt` for anything else. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw unexpected("text", value);
}

/** A column of numbers. @throws CmoError `store_corrupt` for anything else. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  throw unexpected("a number", value);
}

/** A column that may be empty. */
export function nullable<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}

/** A text column that holds one of these. @throws CmoError `store_corrupt` for anything else. */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw unexpected(`one of ${allowed.join(", ")}`, value);
  return found;
}

function unexpected(wanted: string, value: unknown): Error {
  return corruptError(
    `a column holds ${value === null ? "nothing" : `a ${typeof value}`} instead of ${wanted}`,
  );
}
