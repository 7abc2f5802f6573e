import type { TaskResult } from "@cmo/engine";
import { textOf } from "./column.ts";
import type { Connection } from "./connection.ts";

/** Puts results in, unless there is one of the same kind and item. Inside a transaction of the caller. */
export function insertTaskResults(
  connection: Connection,
  ordinal: number,
  results: readonly TaskResult[],
): void {
  connection.insert(
    "INSERT INTO task_result (job, kind, item_id, input_digest, value)",
    results.map(({ kind, itemId, inputDigest, value }) => [ordinal, kind, itemId, inputDigest, value]),
    "ON CONFLICT DO NOTHING",
  );
}

/** The results of these items, each from the first of these jobs that has one. */
export function selectTaskResults(
  connection: Connection,
  ordinals: readonly number[],
  kind: string,
  itemIds: readonly string[],
): ReadonlyMap<string, TaskResult> {
  const found = new Map<string, TaskResult>();
  for (const ordinal of ordinals) {
    for (const itemId of itemIds) {
      if (found.has(itemId)) continue;
      // One by one is as fast as many at once: the statement stands ready, and ids need not be read back.
      const row = connection.first(selectOne, [ordinal, kind, itemId]);
      if (row === null) continue;
      found.set(itemId, { kind, itemId, inputDigest: textOf(row[0]), value: textOf(row[1]) });
    }
    if (found.size === itemIds.length) break;
  }
  return found;
}

const selectOne = "SELECT input_digest, value FROM task_result WHERE job = ? AND kind = ? AND item_id = ?";
