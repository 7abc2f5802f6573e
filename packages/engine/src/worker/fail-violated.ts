import type { Job, Lease } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import type { JobChange } from "../port/store.ts";
import type { EngineParts } from "./engine-parts.ts";
import { eventErrorOf, failedEnd } from "./run-outcome.ts";

/**
 * The last thing that is written to a job which is not as every job must be: that it failed, and what was found. Looks
 * at no rule, since one is broken already; whoever holds the job by now is left alone.
 */
export async function failViolated(
  { store, digest, redact }: Pick<EngineParts, "store" | "digest" | "redact">,
  lease: Lease,
  violation: unknown,
): Promise<void> {
  const shown = eventErrorOf(violation, redact);
  await store.updateJob(lease.jobId, (job: Job, now: number): JobChange => {
    if (job.leaseOwner !== lease.workerId) return {};
    // Also when it was to be cancelled: nobody shall take it for a job that ended as it was asked to.
    const { drafts, patch } = failedEnd({ ...job, desired: null }, now, shown);
    // The log may have its end already; it gets no second one.
    const { status } = job.snapshot.summary;
    const hasEnd = status !== null && isTerminalStatus(status);
    return releaseChange(job, now, digest, hasEnd ? [] : drafts, patch);
  });
}
