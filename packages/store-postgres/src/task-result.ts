import type { TaskResult } from "@cmo/engine";
import { nullable, numberOf, type Row, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";

/** Puts results in, unless there is one of the same kind and item. */
export async function insertTaskResults(
  session: Session,
  ordinal: number,
  results: readonly TaskResult[],
  now: number,
): Promise<void> {
  if (results.length === 0) return;
  await session.run(insertResults, [
    ordinal,
    results.map(({ kind }) => kind),
    results.map(({ itemId }) => itemId),
    results.map(({ inputDigest }) => inputDigest),
    results.map(({ value }) => value),
    results.map(({ cacheKey = null }) => cacheKey),
    results.map(({ fetchedAt = now }) => fetchedAt),
  ]);
}

/** The results of these items, each from the first of these jobs that has one. */
export async function selectTaskResults(
  session: Session,
  ordinals: readonly number[],
  kind: string,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, TaskResult>> {
  if (itemIds.length === 0) return new Map();
  const rows = await session.all(selectResults, [ordinals, kind, [...new Set(itemIds)]]);
  return new Map(
    rows.map(([itemId, ...answer]) => [
      textOf(itemId),
      { kind, itemId: textOf(itemId), ...answerOf(answer) },
    ]),
  );
}

/** The newest results under these cache keys, of any job, that were given at `since` or later. */
export async function selectCached(
  session: Session,
  cacheKeys: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, TaskResult>> {
  if (cacheKeys.length === 0) return new Map();
  const rows = await session.all(newestCached, [[...new Set(cacheKeys)], since]);
  return new Map(
    rows.map(([cacheKey, kind, itemId, ...answer]) => [
      textOf(cacheKey),
      { kind: textOf(kind), itemId: textOf(itemId), ...answerOf(answer) },
    ]),
  );
}

function answerOf([inputDigest, value, cacheKey, fetchedAt]: Row) {
  return {
    inputDigest: textOf(inputDigest),
    value: textOf(value),
    cacheKey: nullable(cacheKey, textOf),
    fetchedAt: numberOf(fetchedAt),
  };
}

const insertResults = `INSERT INTO @.task_result (job, kind, item_id, input_digest, value, cache_key, fetched_at)
  SELECT $1::bigint, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
  ON CONFLICT (job, kind, item_id) DO NOTHING`;
const selectResults = `SELECT DISTINCT ON (item_id) item_id, input_digest, value, cache_key, fetched_at
  FROM @.task_result WHERE job = ANY($1::bigint[]) AND kind = $2 AND item_id = ANY($3::text[])
  ORDER BY item_id, array_position($1::bigint[], job)`;
/** Along the index `task_result_by_cache_key`. Of two that were given at the same time, the one stored last. */
const newestCached = `SELECT key, newest.* FROM unnest($1::text[]) AS wanted (key) CROSS JOIN LATERAL (
    SELECT kind, item_id, input_digest, value, cache_key, fetched_at FROM @.task_result
    WHERE cache_key = key AND fetched_at >= $2 ORDER BY fetched_at DESC, id DESC LIMIT 1
  ) AS newest`;
