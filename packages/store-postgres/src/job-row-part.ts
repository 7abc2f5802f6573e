import type { Job } from "@cmo/engine";
import { changingColumns, changingValues, logHeadText } from "@cmo/store-sql";
import type { Part } from "./part.ts";

/** Puts snapshots in the place of those that are there. */
export function snapshotPart(rows: readonly { readonly ordinal: number; readonly snapshot: string }[]): Part {
  return (value) => `UPDATE @.job_snapshot SET snapshot = given.snapshot
    FROM unnest(${value(rows.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(rows.map(({ snapshot }) => snapshot))}::text[]) AS given (job, snapshot)
    WHERE job_snapshot.job = given.job`;
}

/** Writes jobs of which nothing has changed but the length of their logs. */
export function grownJobPart(
  rows: readonly (Pick<Job, "lastSeq" | "logHead"> & { readonly ordinal: number })[],
): Part {
  return (
    value,
  ) => `UPDATE @.job SET revision = revision + 1, last_seq = given.last_seq, log_head = given.log_head
    FROM unnest(${value(rows.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(rows.map(({ lastSeq }) => lastSeq))}::bigint[],
      ${value(rows.map(logHeadText))}::text[]) AS given (ordinal, last_seq, log_head)
    WHERE job.ordinal = given.ordinal`;
}

/** Writes jobs with all of their columns; `queuedAt` is when a job came into the queue by this change, else null. */
export function changedJobPart(
  rows: readonly { readonly ordinal: number; readonly job: Job; readonly queuedAt: number | null }[],
): Part {
  const values = rows.map(({ job }) => changingValues(job));
  return (value) => {
    const key = value(rows.map(({ ordinal }) => ordinal));
    const queued = value(rows.map(({ queuedAt }) => queuedAt));
    const given = changingColumns.map(
      (column, index) => `${value(values.map((row) => row[index] ?? null))}::${typeOf(column)}[]`,
    );
    return `UPDATE @.job SET revision = revision + 1, queued_at = coalesce(given.queued_at, job.queued_at),
      ${changingColumns.map((column) => `${column} = given.${column}`).join(", ")}
      FROM unnest(${key}::bigint[], ${queued}::bigint[], ${given.join(", ")})
        AS given (ordinal, queued_at, ${changingColumns.join(", ")})
      WHERE job.ordinal = given.ordinal`;
  };
}

/** Whether nothing of a job's row changes but the length of its log. */
export function hasOnlyGrown(before: Job, after: Job): boolean {
  const known = changingValues({ ...before, lastSeq: after.lastSeq, logHead: after.logHead });
  return changingValues(after).every((value, index) => value === known[index]);
}

function typeOf(column: (typeof changingColumns)[number]): string {
  switch (column) {
    case "status":
    case "desired":
    case "error":
    case "log_head":
    case "lease_owner":
      return "text";
    case "priority":
    case "attempt":
      return "integer";
    case "attempt_open":
      return "smallint";
    default:
      return "bigint";
  }
}
