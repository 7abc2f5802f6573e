import type { StoredRow } from "@cmo/engine";
import type { Row } from "./column.ts";

/** A row that may tell of people, with where it stands. */
export interface FoundRow {
  readonly row: StoredRow;
  /** The primary key in its table. */
  readonly place: Row;
  /** The key of its job in the other tables; null for what belongs to no job. */
  readonly ordinal: number | null;
}

/** A window of a table: the rows of it that were looked for, and where the next one begins; null at the end. */
export interface RowWindow {
  readonly found: readonly FoundRow[];
  readonly next: Row | null;
}

/** The tables whose rows may tell of people, in the order in which they are looked through. */
export const peopleTables: readonly StoredRow["table"][] = [
  "task_result",
  "lead",
  "event",
  "snapshot",
  "note",
  "first_seen",
];
