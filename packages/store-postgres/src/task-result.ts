import type { TaskResult } from "@cmo/engine";
import { nullable, numberOf, type Row, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** Puts results in, unless there is one of the same job, kind and item. */
export function taskResultPart(
  results: readonly (TaskResult & { readonly ordinal: number; readonly fetchedAt: number })[],
): Part {
  return (
    value,
  ) => `INSERT INTO @.task_result (job, kind, item_id, input_digest, value, cache_key, fetched_at)
    SELECT * FROM unnest(${value(results.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(results.map(({ kind }) => kind))}::text[],
      ${value(results.map(({ itemId }) => itemId))}::text[],
      ${value(results.map(({ inputDigest }) => inputDigest))}::text[],
      ${value(results.map((result) => result.value))}::text[],
      ${value(results.map(({ cacheKey = null }) => cacheKey))}::text[],
      ${value(results.map(({ fetchedAt }) => fetchedAt))}::bigint[])
    ON CONFLICT (job, kind, item_id) DO NOTHING`;
}

/** The results of these items, each from the job or the nearest of its parents that has one. */
export async function selectTaskResults(
  session: Session,
  jobId: string,
  kind: string,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, TaskResult>> {
  const rows = await session.all(selectResults, [jobId, kind, [...new Set(itemIds)]]);
  return new Map(
    rows.map(([itemId, depth, ...answer]) => [
      textOf(itemId),
      {
        kind,
        itemId: textOf(itemId),
        ...answerOf(answer),
        ...(numberOf(depth) === 1 ? {} : { inherited: true }),
      },
    ]),
  );
}

/** The results of one job after this one, by the bytes of their kinds and items. */
export async function scanTaskResults(
  session: Session,
  jobId: string,
  after: Pick<TaskResult, "kind" | "itemId"> | null,
  limit: number,
): Promise<readonly TaskResult[]> {
  const rows = await session.all(
    `SELECT kind, item_id, input_digest, value, cache_key, fetched_at FROM @.task_result
      WHERE job = (SELECT ordinal FROM @.job WHERE id = $1)
      ${after === null ? "" : "AND (kind, item_id) > ($3, $4)"} ORDER BY kind, item_id LIMIT $2`,
    [jobId, limit, ...(after === null ? [] : [after.kind, after.itemId])],
  );
  return rows.map(([kind, itemId, ...answer]) => ({
    kind: textOf(kind),
    itemId: textOf(itemId),
    ...answerOf(answer),
  }));
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

const selectResults = `WITH RECURSIVE line AS (
    SELECT ordinal, parent_job_id, 1 AS depth, ARRAY[ordinal] AS path FROM @.job WHERE id = $1
    UNION ALL
    SELECT parent.ordinal, parent.parent_job_id, line.depth + 1, line.path || parent.ordinal
    FROM line JOIN @.job AS parent ON parent.id = line.parent_job_id
    WHERE NOT parent.ordinal = ANY(line.path)
  )
  SELECT DISTINCT ON (item_id) item_id, depth, input_digest, value, cache_key, fetched_at
  FROM line JOIN @.task_result ON job = ordinal AND kind = $2 AND item_id = ANY($3::text[])
  ORDER BY item_id, depth`;
/** Along the index `task_result_by_cache_key`. Of two that were given at the same time, the one stored last. */
const newestCached = `SELECT key, newest.* FROM unnest($1::text[]) AS wanted (key) CROSS JOIN LATERAL (
    SELECT kind, item_id, input_digest, value, cache_key, fetched_at FROM @.task_result
    WHERE cache_key = key AND fetched_at >= $2 ORDER BY fetched_at DESC, id DESC LIMIT 1
  ) AS newest`;
