import type { AgentRecord, AgentRecordChange } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** Applies changes in their order. Inside a transaction of the caller. */
export function writeRecords(
  connection: Connection,
  ordinal: number,
  changes: readonly AgentRecordChange[],
): void {
  // Of several changes to one entry the last counts, and rows go in many at a time.
  const last = new Map(changes.map((change) => [JSON.stringify([change.collection, change.key]), change]));
  const rows: (readonly (string | number)[])[] = [];
  for (const { collection, key, value } of last.values()) {
    if (value === null) connection.run(deleteRecord, [ordinal, collection, key]);
    else rows.push([ordinal, collection, key, value]);
  }
  connection.insert(
    "INSERT INTO agent_record (job, collection, key, value)",
    rows,
    "ON CONFLICT DO UPDATE SET value = excluded.value",
  );
}

/** Puts a checkpoint in the place of the last one; null drops it and all records. Inside a transaction of the caller. */
export function writeCheckpoint(connection: Connection, ordinal: number, state: string | null): void {
  if (state !== null) {
    connection.run("INSERT OR REPLACE INTO checkpoint (job, state) VALUES (?, ?)", [ordinal, state]);
    return;
  }
  connection.run("DELETE FROM checkpoint WHERE job = ?", [ordinal]);
  connection.run("DELETE FROM agent_record WHERE job = ?", [ordinal]);
}

/** The last checkpoint, or null. */
export function selectCheckpoint(connection: Connection, ordinal: number): string | null {
  const row = connection.first("SELECT state FROM checkpoint WHERE job = ?", [ordinal]);
  return row === null ? null : textOf(row[0]);
}

/** The entries under these keys. */
export function selectRecords(
  connection: Connection,
  ordinal: number,
  collection: string,
  keys: readonly string[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const key of keys) {
    const row = connection.first(selectRecord, [ordinal, collection, key]);
    if (row !== null) found.set(key, textOf(row[0]));
  }
  return found;
}

/** Entries after a key, by the bytes of their UTF-8: the order of their code points. */
export function scanRecords(
  connection: Connection,
  ordinal: number,
  collection: string,
  after: string | null,
  limit: number,
): readonly AgentRecord[] {
  const rows =
    after === null
      ? connection.all(firstRecordPage, [ordinal, collection, limit])
      : connection.all(recordPage, [ordinal, collection, after, limit]);
  return rows.map(([key, value]) => ({ key: textOf(key), value: textOf(value) }));
}

const deleteRecord = "DELETE FROM agent_record WHERE job = ? AND collection = ? AND key = ?";
const selectRecord = "SELECT value FROM agent_record WHERE job = ? AND collection = ? AND key = ?";
const firstRecordPage =
  "SELECT key, value FROM agent_record WHERE job = ? AND collection = ? ORDER BY key LIMIT ?";
/** Along the index of the keys. */
export const recordPage =
  "SELECT key, value FROM agent_record WHERE job = ? AND collection = ? AND key > ? ORDER BY key LIMIT ?";
