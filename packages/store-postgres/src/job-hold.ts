import type { WorkLimits } from "@cmo/engine";
import { nowSql } from "./store-clock.ts";

// Which jobs are to be worked on, and how they are held. The store's clock is the first parameter, but for `holdById`,
// where the ids are.

/** The conditions that limits put on a job, with their values, which begin with this number. */
export function limitsOf(
  { perTenant, perSource = {} }: WorkLimits,
  first: number,
): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const values: (string | number)[] = [];
  const value = (one: string | number) => `$${first - 1 + values.push(one)}`;
  // Which are full is found out once, not for each job that waits.
  const live = `busy.status = 'running' AND busy.lease_until > ${nowSql(1)}`;
  let sql = "";
  if (perTenant !== undefined) {
    sql += ` AND tenant NOT IN (SELECT busy.tenant FROM @.job AS busy WHERE ${live}
      GROUP BY busy.tenant HAVING count(*) >= ${value(perTenant)}::integer)`;
  }
  const limited = Object.entries(perSource).map(
    ([source, most]) => `(${value(source)}::text, ${value(most)}::integer)`,
  );
  if (limited.length > 0) {
    sql += ` AND (SELECT source FROM @.job_spec WHERE job_spec.job = job.ordinal) NOT IN (
      SELECT of FROM (VALUES ${limited.join(", ")}) AS given (of, most) WHERE most <= (
        SELECT count(*) FROM @.job AS busy JOIN @.job_spec AS spec ON spec.job = busy.ordinal
        WHERE ${live} AND spec.source = of))`;
  }
  return { sql, values };
}

/** What was held, with the time once it is: it may have been waited for. */
const heldAt = (time: number, rows: string) =>
  `SELECT held.ordinal, held.revision, ${nowSql(time)}, held.id FROM (${rows}) AS held`;
/** In one order for all, so that two who hold several do not wait for each other for ever. */
export const holdById = (passing: string) =>
  heldAt(
    2,
    `SELECT ordinal, revision, id FROM @.job WHERE id = ANY($1) ORDER BY ordinal FOR UPDATE OF job${passing}`,
  );
export const claimable = `claimable_at IS NOT NULL AND claimable_at <= ${nowSql(1)}`;
/** Along the index `job_queue`, without sorting. */
export const nextOf = (columns: string, within = "") =>
  `SELECT ${columns} FROM @.job WHERE ${claimable}${within} ORDER BY priority DESC, ordinal`;
export const thisJob = `SELECT ordinal FROM @.job WHERE id = $2 AND ${claimable}`;
export const holdNext = (within: string, limit: string) =>
  heldAt(1, `${nextOf("ordinal, revision, id", within)} LIMIT ${limit} FOR UPDATE OF job SKIP LOCKED`);
/** Who counts what is worked on must not be overtaken by another who has counted the same. */
export const oneByLimits = "SELECT pg_advisory_xact_lock(hashtextextended('cmo limits @.', 0))";
export const holdThisJob = heldAt(
  1,
  `SELECT ordinal, revision, id FROM @.job WHERE id = $2 AND ${claimable} FOR UPDATE OF job`,
);
export const holdOpen = heldAt(
  1,
  "SELECT ordinal, revision, id FROM @.job WHERE status = ANY($2) ORDER BY ordinal FOR UPDATE OF job",
);
