import { CmoError } from "../error/cmo-error.ts";
import { updateChecked } from "../job/checked-write.ts";
import type { Job, Lease } from "../job/job.ts";
import { assertLease } from "../job/job-changes.ts";
import type { JobChange, JobWrite, Store } from "../port/store.ts";

/**
 * Writes to a job that a worker holds; `seen` is the job as it was last seen.
 * @throws CmoError `lease_lost` when the worker holds it no longer, or the job was erased.
 */
export async function updateLeased(
  store: Store,
  seen: Job,
  lease: Lease,
  decide: (job: Job, now: number) => JobChange,
): Promise<JobWrite> {
  try {
    return await updateChecked(
      store,
      lease.jobId,
      (job, now) => {
        assertLease(job, now, lease);
        return decide(job, now);
      },
      seen,
    );
  } catch (error) {
    if (!hasCode(error, "not_found")) throw error;
    throw new CmoError("lease_lost", `Job ${lease.jobId} was erased.`);
  }
}

/** Whether something thrown is an error of this code. */
export function hasCode(error: unknown, code: CmoError["code"]): boolean {
  return error instanceof CmoError && error.code === code;
}
