import type { CmoError } from "../error/cmo-error.ts";
import type { Job } from "./job.ts";
import type { JobStatus } from "./job-status.ts";

/**
 * A job whose row cannot be read: what can still be told of it. It may be listed and erased, and nothing else. Times are
 * milliseconds since the epoch, by the store's clock.
 */
export interface UnreadableJob {
  readonly id: string;
  readonly tenant: string;
  /** Null when it is none that this version knows. */
  readonly status: JobStatus | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly leaseUntil: number | null;
  /** Tells it from a job that can be read. */
  readonly spec: null;
  /** What is wrong with it, and what to do: `store_corrupt`, or `job_newer` for one that a later version has written. */
  readonly fault: CmoError;
}

/** A job as a list holds it. */
export type ListedJob = Job | UnreadableJob;

/** Whether a job of a list is whole. */
export function isReadable(job: ListedJob): job is Job {
  return job.spec !== null;
}
