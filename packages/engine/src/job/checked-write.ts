import { type CmoError, toCmoError } from "../error/cmo-error.ts";
import type { JobChange, JobWrite } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { assertChange, assertJob, assertWritten } from "./assert-invariants.ts";
import type { Job } from "./job.ts";

type Decide = (job: Job, now: number) => JobChange;

/**
 * As {@link Store.updateJob}, and the only way in which the engine calls it: what is true of every job is looked at
 * before the write and after it. `seen` is the job as it was last seen.
 * @throws CmoError `invariant_violated`; then nothing is to be written to the job any more but that it failed.
 */
export async function updateChecked(
  store: Store,
  jobId: string,
  decide: Decide,
  seen?: Job,
): Promise<JobWrite> {
  let assertLast = (_write: JobWrite) => {};
  const write = await store.updateJob(jobId, (job, now) => {
    assertJob(job, seen);
    const change = decide(job, now);
    assertChange(job, change);
    assertLast = (written) => assertWritten(job, change, written);
    return change;
  });
  assertLast(write);
  return write;
}

/** A job that was claimed, and the rule that it was found to break. */
export interface Claimed {
  readonly job: Job;
  readonly violation: CmoError | null;
}

/** As {@link Store.claimNext}. A job that breaks a rule is claimed too, for it has to be failed by somebody. */
export async function claimChecked(
  store: Store,
  request: Parameters<Store["claimNext"]>[0],
  decide: Decide,
): Promise<Claimed | null> {
  let violation: CmoError | null = null;
  let assertLast = (_write: JobWrite) => {};
  const write = await store.claimNext(request, (job, now) => {
    violation = thrownBy(() => assertJob(job));
    const change = decide(job, now);
    assertLast = (written) => assertWritten(job, change, written);
    return change;
  });
  return write && { job: write.job, violation: violation ?? thrownBy(() => assertLast(write)) };
}

function thrownBy(run: () => void): CmoError | null {
  try {
    run();
    return null;
  } catch (error) {
    return toCmoError(error);
  }
}
