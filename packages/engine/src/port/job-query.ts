import type { CmoError } from "../error/cmo-error.ts";
import type { JobStatus } from "../job/job-status.ts";

/**
 * How many jobs that have something in common may be worked on at once, by all workers of a store together; one whose
 * lease ran out is not worked on. What is absent limits nothing.
 */
export interface WorkLimits {
  /** Jobs of one tenant. At least 1. */
  readonly perTenant?: number | undefined;
  /** Jobs of a source, by the source's type: those that share its quota. At least 1 each. */
  readonly perSource?: Readonly<Record<string, number>> | undefined;
}

/** Which job is wanted to be worked on. */
export interface ClaimRequest {
  /** Only this one, whatever the limits. */
  readonly jobId?: string;
  readonly limits?: WorkLimits | undefined;
  /** Told of a job that is left alone, and why: now and then again while it is in the queue. Does not throw. */
  readonly onPassedOver?: ((jobId: string, fault: CmoError) => void) | undefined;
}

/** Which jobs a list holds. */
export interface JobFilter {
  /** Only jobs that belong to this tenant. */
  readonly tenant?: string;
  readonly status?: readonly JobStatus[];
  /** Only jobs whose campaign runs again by a schedule. Default: all. */
  readonly scheduled?: boolean;
  /** Jobs that are to be erased at this time, in milliseconds since the epoch. */
  readonly expiredAt?: number;
  /** Jobs that were created before this one in the list's order (newest first). */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** What there is to do in a store. */
export interface QueueFacts {
  /** How many jobs have each status. */
  readonly jobs: Readonly<Record<JobStatus, number>>;
  /** How many jobs a worker may take now. */
  readonly claimable: number;
  /**
   * Since when one of them could have been taken, the earliest of all: when it came into the queue (back from a pause
   * or another try, too), its `notBefore`, or the end of a lost lease. In milliseconds since the epoch, by the store's
   * clock, never later than now; null when there is none.
   */
  readonly oldestClaimableAt: number | null;
}
