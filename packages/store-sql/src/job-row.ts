import type { Job, JobPatch, JobStatus, NewJob } from "@cmo/engine";
import type { ColumnValue } from "./column.ts";
import { freezeJson, parseStored } from "./stored-json.ts";

/** The columns that change, in the order of {@link changingValues}. */
export const changingColumns = [
  "status",
  "desired",
  "priority",
  "not_before",
  "attempt",
  "attempt_open",
  "started_at",
  "finished_at",
  "error",
  "last_seq",
  "log_head",
  "epoch",
  "lease_owner",
  "lease_until",
  "keep_until",
] as const;

/** The columns of a job, and of the tables joined to it as `job_spec` and `job_snapshot`, that `readJobRow` reads. */
export const jobColumns = [
  "ordinal",
  "revision",
  "id",
  "tenant",
  "parent_job_id",
  "created_at",
  ...changingColumns,
  "spec",
  "snapshot",
].join(", ");

/** What goes into {@link changingColumns}. */
export function changingValues(job: Job): ColumnValue[] {
  return [
    job.status,
    job.desired,
    job.priority,
    job.notBefore,
    job.attempt,
    job.attemptOpen ? 1 : 0,
    job.startedAt,
    job.finishedAt,
    job.error === null ? null : JSON.stringify(job.error),
    job.lastSeq,
    logHeadText(job),
    job.epoch,
    job.leaseOwner,
    job.leaseUntil,
    job.keepUntil,
  ];
}

/** What goes into `log_head`. */
export function logHeadText({ logHead }: Pick<Job, "logHead">): string | null {
  return logHead === null ? null : JSON.stringify(logHead);
}

/** A job as it is put in, as a database would give it: a copy that nobody else has. */
export function copyNewJob(job: NewJob, createdAt: number, lastSeq: number): Job {
  const copy = parseStored<NewJob>(JSON.stringify(job));
  return freezeJson({ ...copy, createdAt, lastSeq });
}

/** A job with a patch, as a database would give it: a copy that nobody else has, without what is undefined. */
export function patchJob(job: Job, patch: JobPatch, lastSeq: number): Job {
  const copy = parseStored<JobPatch>(JSON.stringify(patch));
  return freezeJson({ ...job, ...copy, lastSeq });
}

/** Every status that a job may have. */
export const jobStatuses: readonly JobStatus[] = [
  "queued",
  "running",
  "paused",
  "completed",
  "failed",
  "cancelled",
];
