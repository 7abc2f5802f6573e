import type { Job, Lease } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import type { JobChange } from "../port/job-change.ts";
import { withNextRun } from "../schedule/next-run.ts";
import { isReplaced } from "../schedule/schedule-place.ts";
import type { EngineParts } from "./engine-parts.ts";
import { eventErrorOf, failedEnd } from "./run-outcome.ts";

/**
 * The last thing that is written to a job which is not as every job must be: that it failed, and what was found. Looks
 * at no rule, since one is broken already; whoever holds the job by now is left alone.
 */
export async function failViolated(parts: EngineParts, lease: Lease, violation: unknown): Promise<void> {
  const { store } = parts;
  const shown = eventErrorOf(violation, parts.redact);
  const held = await store.readJob(lease.jobId);
  const isOver = held !== null && (await isReplaced(parts, held));
  await store.updateJob(lease.jobId, (job: Job, now: number): JobChange => {
    if (job.leaseOwner !== lease.workerId) return {};
    // Also when it was to be cancelled: nobody shall take it for a job that ended as it was asked to.
    const failed = failedEnd({ ...job, desired: null }, now, shown);
    const { drafts, patch, next } = withNextRun(parts, job, now, failed, isOver);
    // The log may have its end already; it gets no second one.
    const { status } = job.snapshot.summary;
    const hasEnd = status !== null && isTerminalStatus(status);
    const change = releaseChange(job, now, parts.digest, hasEnd ? [] : drafts, patch);
    return next === undefined ? change : { ...change, next };
  });
}
