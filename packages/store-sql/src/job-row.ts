import type { EventError, Job, JobPatch, JobSpec, JobStatus, LogHead, NewJob, Snapshot } from "@cmo/engine";
import { type ColumnValue, nullable, numberOf, oneOf, type Row, textOf } from "./column.ts";
import { freezeJson, parseStored } from "./stored-json.ts";

/** A job as it was read, with what only the store knows of it. */
export interface StoredJob {
  /** Its key in the other tables. */
  readonly ordinal: number;
  /** Grows by one with every write. */
  readonly revision: number;
  /** Frozen: it is given out, and kept for the next reader. */
  readonly job: Job;
}

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

/** The columns of a job, and of the tables joined to it as `job_spec` and `job_snapshot`, that {@link readJobRow} reads. */
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

/** A row of {@link jobColumns}. @throws CmoError `store_corrupt`. */
export function readJobRow(row: Row): StoredJob {
  const [ordinal, revision, id, tenant, parentJobId, createdAt, ...others] = row;
  const [status, desired, priority, notBefore, attempt, attemptOpen, startedAt, ...rest] = others;
  const [finishedAt, error, lastSeq, logHead, epoch, leaseOwner, leaseUntil, ...last] = rest;
  const [keepUntil, spec, snapshot] = last;
  const job: Job = {
    id: textOf(id),
    tenant: textOf(tenant),
    spec: parseStored<JobSpec>(textOf(spec)),
    status: oneOf(status, jobStatuses),
    desired: nullable(desired, (value) => oneOf(value, ["paused", "cancelled"])),
    priority: numberOf(priority),
    notBefore: numberOf(notBefore),
    attempt: numberOf(attempt),
    attemptOpen: attemptOpen === 1,
    parentJobId: nullable(parentJobId, textOf),
    createdAt: numberOf(createdAt),
    startedAt: nullable(startedAt, numberOf),
    finishedAt: nullable(finishedAt, numberOf),
    error: nullable(error, (value) => parseStored<EventError>(textOf(value))),
    lastSeq: numberOf(lastSeq),
    logHead: nullable(logHead, (value) => parseStored<LogHead>(textOf(value))),
    epoch: numberOf(epoch),
    leaseOwner: nullable(leaseOwner, textOf),
    leaseUntil: nullable(leaseUntil, numberOf),
    keepUntil: numberOf(keepUntil),
    snapshot: parseStored<Snapshot>(textOf(snapshot)),
  };
  return { ordinal: numberOf(ordinal), revision: numberOf(revision), job: freezeJson(job) };
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
