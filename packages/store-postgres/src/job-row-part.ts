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

/** A job of whose row more has changed than the length of its log. */
export interface ChangedJob {
  readonly ordinal: number;
  readonly job: Job;
  /** When it came into the queue by this change, else null. */
  readonly queuedAt: number | null;
  /** The campaign as whose run it ends by this change, else null. */
  readonly exportedAs: string | null;
}

/** Writes jobs with all of their columns. */
export function changedJobPart(rows: readonly ChangedJob[]): Part {
  const values = rows.map(({ job }) => changingValues(job));
  return (value) => {
    const key = value(rows.map(({ ordinal }) => ordinal));
    const queued = value(rows.map(({ queuedAt }) => queuedAt));
    const exported = value(rows.map(({ exportedAs }) => exportedAs));
    const given = changingColumns.map(
      (column, index) => `${value(values.map((row) => row[index] ?? null))}::${typeOf(column)}[]`,
    );
    return `UPDATE @.job SET revision = revision + 1, queued_at = coalesce(given.queued_at, job.queued_at),
      exported_as = coalesce(given.exported_as, job.exported_as),
      ${changingColumns.map((column) => `${column} = given.${column}`).join(", ")}
      FROM unnest(${key}::bigint[], ${queued}::bigint[], ${exported}::text[], ${given.join(", ")})
        AS given (ordinal, queued_at, exported_as, ${changingColumns.join(", ")})
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
