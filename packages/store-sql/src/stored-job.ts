import {
  type CmoError,
  corruptJob,
  type EventError,
  findClaimFault,
  findReadFault,
  type Job,
  type JobSpec,
  type LogHead,
  type Snapshot,
  type UnreadableJob,
} from "@cmo/engine";
import { nullable, numberOf, oneOf, type Row, textOf } from "./column.ts";
import { jobStatuses } from "./job-row.ts";
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

/** A row as it was read of which no job can be made. */
export interface UnreadableRow extends Pick<StoredJob, "ordinal" | "revision"> {
  readonly job: UnreadableJob;
}

/** A row as a list holds it. */
export type ListedRow = StoredJob | UnreadableRow;

/** Whether a job can be made of a row. */
export function isStoredJob(row: ListedRow): row is StoredJob {
  return row.job.spec !== null;
}

/** The job of a row. @throws CmoError what is wrong with it: `store_corrupt`, `job_newer`. */
export function assertReadable(row: ListedRow): StoredJob {
  if (isStoredJob(row)) return row;
  throw row.job.fault;
}

/** What keeps a job from being worked on; null where nothing does. */
export function claimFaultOf(row: ListedRow): CmoError | null {
  return isStoredJob(row) ? findClaimFault(row.job) : row.job.fault;
}

/**
 * A row of `jobColumns`. What is wrong with it is told in the row, so that a damaged one costs nobody but who wants that
 * job.
 */
export function readJobRow(row: Row): ListedRow {
  const [ordinal, revision, givenId] = row;
  const place = { ordinal: numberOf(ordinal), revision: numberOf(revision) };
  const id = String(givenId);
  const [spec, snapshot] = row.slice(-2).map(parsedOrNull);
  const fault = findReadFault(id, { spec, snapshot });
  if (fault !== null) return { ...place, job: readUnreadable(row, id, fault) };
  try {
    const job: Job = { ...readColumns(row), spec: spec as JobSpec, snapshot: snapshot as Snapshot };
    return { ...place, job: freezeJson(job) };
  } catch (error) {
    const unknown = corruptJob(id, "its row holds what this version does not know", error);
    return { ...place, job: readUnreadable(row, id, unknown) };
  }
}

function readColumns(row: Row): Omit<Job, "spec" | "snapshot"> {
  const [, , id, tenant, parentJobId, createdAt, ...others] = row;
  const [status, desired, priority, notBefore, attempt, attemptOpen, startedAt, ...rest] = others;
  const [finishedAt, error, lastSeq, logHead, epoch, leaseOwner, leaseUntil, keepUntil] = rest;
  return {
    id: textOf(id),
    tenant: textOf(tenant),
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
  };
}

function readUnreadable(row: Row, id: string, fault: CmoError): UnreadableJob {
  const [, , , tenant, , createdAt, status, , , , , , , finishedAt] = row;
  const leaseUntil = row.at(-4);
  return {
    id,
    tenant: String(tenant),
    status: jobStatuses.find((one) => one === status) ?? null,
    createdAt: numberOr(createdAt, 0),
    finishedAt: numberOr(finishedAt, null),
    leaseUntil: numberOr(leaseUntil, null),
    spec: null,
    fault,
  };
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === "number" ? value : otherwise;
}

function parsedOrNull(text: unknown): unknown {
  if (typeof text !== "string") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
