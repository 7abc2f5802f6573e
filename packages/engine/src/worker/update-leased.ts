import { CmoError } from "../error/cmo-error.ts";
import { updateChecked } from "../job/checked-write.ts";
import type { Job, Lease } from "../job/job.ts";
import { assertLease } from "../job/job-changes.ts";
import type { JobChange, JobWrite } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";

/** A lease with how long it lasts from each sign of life, in milliseconds. */
export interface HeldLease extends Lease {
  readonly leaseMs: number;
}

/**
 * Writes to a job that a worker holds; `seen` is the job as it was last seen. Whoever writes lives: a lease of which a
 * third is over lasts anew. A worker that has so much to write that its heartbeat has no turn would lose the job over
 * and over, and bring it no further.
 * @throws CmoError `lease_lost` when the worker holds it no longer, or the job was erased.
 */
export async function updateLeased(
  store: Store,
  seen: Job,
  lease: HeldLease,
  decide: (job: Job, now: number) => JobChange,
): Promise<JobWrite> {
  try {
    return await updateChecked(
      store,
      lease.jobId,
      (job, now) => {
        assertLease(job, now, lease);
        return renewed(job, now, lease.leaseMs, decide(job, now));
      },
      seen,
    );
  } catch (error) {
    if (!hasCode(error, "not_found")) throw error;
    throw new CmoError("lease_lost", `Job ${lease.jobId} was erased.`);
  }
}

function renewed(job: Job, now: number, leaseMs: number, change: JobChange): JobChange {
  if (change.patch !== undefined && "leaseUntil" in change.patch) return change;
  if (change.patch?.status !== undefined && change.patch.status !== "running") return change;
  if ((job.leaseUntil ?? 0) - now > (leaseMs * 2) / 3) return change;
  return { ...change, patch: { ...change.patch, leaseUntil: now + leaseMs } };
}

/** Whether something thrown is an error of this code. */
export function hasCode(error: unknown, code: CmoError["code"]): boolean {
  return error instanceof CmoError && error.code === code;
}
