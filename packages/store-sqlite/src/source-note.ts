import type { SourceNote } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** Puts notes in the place of those with the same key. Inside a transaction of the caller. */
export function writeNotes(connection: Connection, notes: readonly SourceNote[], now: number): void {
  connection.insert(
    "INSERT OR REPLACE INTO source_note (key, at, value)",
    notes.map(({ key, value }) => [key, now, value]),
  );
}

/** The notes under these keys. */
export function selectNotes(connection: Connection, keys: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const key of keys) {
    const row = connection.first("SELECT value FROM source_note WHERE key = ?", [key]);
    if (row !== null) found.set(key, textOf(row[0]));
  }
  return found;
}
