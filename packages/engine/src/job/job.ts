import type { LogHead } from "../chain/log-head.ts";
import type { EventError } from "../event/event-data.ts";
import type { Progress } from "../progress/progress.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { SummaryState } from "../summary/summary-state.ts";
import type { JobStatus } from "./job-status.ts";

/** What control has asked for and the worker has not done yet. */
export type DesiredStatus = "paused" | "cancelled";

/** The right of one worker to write to one job. */
export interface Lease {
  readonly jobId: string;
  /** Grows by one with every claim; a write that carries an older one is refused. */
  readonly epoch: number;
  readonly workerId: string;
}

/** The folds of a job's log up to `seq`. */
export interface Snapshot {
  readonly seq: number;
  readonly progress: Progress;
  readonly summary: SummaryState;
}

/** A job as its store keeps it. Times are milliseconds since the epoch, by the store's clock. */
export interface Job {
  readonly id: string;
  /** Whom the job belongs to; `local` where nobody is told apart. It never changes. */
  readonly tenant: string;
  readonly spec: JobSpec;
  readonly status: JobStatus;
  readonly desired: DesiredStatus | null;
  /** Greater first. */
  readonly priority: number;
  /** Not claimed before this time. */
  readonly notBefore: number;
  /** How many attempts have been started. */
  readonly attempt: number;
  /** Whether `attempt` is to be counted up at the next claim: a lost lease or a hand-back is no attempt. */
  readonly attemptOpen: boolean;
  readonly parentJobId: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: EventError | null;
  /** The job is erased after this time (retention of its spec, counted from when it was last worked on). */
  readonly keepUntil: number;
  /** The seq of the last event in the log. */
  readonly lastSeq: number;
  /** How far the log is in its chain; null for a job that only versions without one have written to. */
  readonly logHead: LogHead | null;
  readonly epoch: number;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number | null;
  readonly snapshot: Snapshot;
}

/** The part of a job that a change may write; the store itself keeps `lastSeq`. */
export type JobPatch = Partial<Omit<Job, "id" | "tenant" | "spec" | "createdAt" | "lastSeq" | "parentJobId">>;
