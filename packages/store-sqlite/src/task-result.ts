import type { TaskResult } from "@cmo/engine";
import { nullable, numberOf, type Row, textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** Puts results in, unless there is one of the same kind and item. Inside a transaction of the caller. */
export function insertTaskResults(
  connection: Connection,
  ordinal: number,
  results: readonly TaskResult[],
  now: number,
): void {
  connection.insert(
    "INSERT INTO task_result (job, kind, item_id, input_digest, value, cache_key, fetched_at)",
    results.map(({ kind, itemId, inputDigest, value, cacheKey = null, fetchedAt = now }) => [
      ordinal,
      kind,
      itemId,
      inputDigest,
      value,
      cacheKey,
      fetchedAt,
    ]),
    "ON CONFLICT DO NOTHING",
  );
}

/** The results of these items, each from the first of these jobs (one, then its parents) that has one. */
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
      const inherited = ordinal === ordinals[0] ? {} : { inherited: true };
      found.set(itemId, { kind, itemId, ...answerOf(row), ...inherited });
    }
    if (found.size === itemIds.length) break;
  }
  return found;
}

/** The results of one job after this one, by the bytes of their kinds and items. */
export function scanTaskResults(
  connection: Connection,
  ordinal: number,
  after: Pick<TaskResult, "kind" | "itemId"> | null,
  limit: number,
): readonly TaskResult[] {
  const rows =
    after === null
      ? connection.all(firstResultPage, [ordinal, limit])
      : connection.all(resultPage, [ordinal, after.kind, after.itemId, limit]);
  return rows.map(([kind, itemId, ...answer]) => ({
    kind: textOf(kind),
    itemId: textOf(itemId),
    ...answerOf(answer),
  }));
}

/** The newest results under these cache keys, of any job, that were given at `since` or later. */
export function selectCached(
  connection: Connection,
  cacheKeys: readonly string[],
  since: number,
): ReadonlyMap<string, TaskResult> {
  const found = new Map<string, TaskResult>();
  for (const cacheKey of cacheKeys) {
    const row = connection.first(newestCached, [cacheKey, since]);
    if (row === null) continue;
    const [kind, itemId, ...answer] = row;
    found.set(cacheKey, { kind: textOf(kind), itemId: textOf(itemId), ...answerOf(answer) });
  }
  return found;
}

function answerOf([inputDigest, value, cacheKey, fetchedAt]: Row) {
  return {
    inputDigest: textOf(inputDigest),
    value: textOf(value),
    cacheKey: nullable(cacheKey, textOf),
    fetchedAt: numberOf(fetchedAt),
  };
}

const selectOne = `SELECT input_digest, value, cache_key, fetched_at FROM task_result
  WHERE job = ? AND kind = ? AND item_id = ?`;
const firstResultPage = `SELECT kind, item_id, input_digest, value, cache_key, fetched_at FROM task_result
  WHERE job = ? ORDER BY kind, item_id LIMIT ?`;
/** Along the index of the keys. */
export const resultPage = `SELECT kind, item_id, input_digest, value, cache_key, fetched_at FROM task_result
  WHERE job = ? AND (kind, item_id) > (?, ?) ORDER BY kind, item_id LIMIT ?`;
/** Along the index `task_result_by_cache_key`. Of two that were given at the same time, the one stored last. */
export const newestCached = `SELECT kind, item_id, input_digest, value, cache_key, fetched_at FROM task_result
  WHERE cache_key = ? AND fetched_at >= ? ORDER BY fetched_at DESC, id DESC LIMIT 1`;
