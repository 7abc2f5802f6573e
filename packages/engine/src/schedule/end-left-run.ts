import { updateChecked } from "../job/checked-write.ts";
import type { Job } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import type { Store } from "../port/store.ts";
import { cancelledEnd } from "../worker/run-outcome.ts";
import { hasCode } from "../worker/update-leased.ts";
import { type ScheduleParts, withNextRun } from "./next-run.ts";
import { isUnbegun, scheduleOf } from "./schedule-of.ts";
import { isReplaced } from "./schedule-place.ts";

/**
 * What comes before the erase of a run that began, and that nobody went on with for so long that it is erased for its
 * age: it ends, and puts in the next run of its schedule as every end does. One that somebody has paused holds its
 * schedule, and takes it along; nothing is done to that, nor to any other job.
 */
export async function endLeftRun(
  { store, ...parts }: ScheduleParts & { store: Store },
  job: Job,
): Promise<void> {
  if (!isLeft(job)) return;
  const isOver = await isReplaced({ store, ...parts }, job);
  const ending = updateChecked(store, job.id, (current, now) => {
    if (!isLeft(current) || hasLiveLease(current, now)) return {};
    const { drafts, patch, next } = withNextRun(parts, current, now, cancelledEnd(current, now), isOver);
    const { patch: ended, ...change } = releaseChange(current, now, parts.digest, drafts, patch);
    // What it holds is not kept for longer by that.
    return { ...change, patch: { ...ended, keepUntil: current.keepUntil }, ...(next && { next }) };
  });
  await ending.catch((error: unknown) => {
    // Erased in between; or not as a job must be, which keeps nothing from being erased.
    if (!hasCode(error, "not_found") && !hasCode(error, "invariant_violated")) throw error;
  });
}

function isLeft(job: Job): boolean {
  const isInterrupted = job.status === "queued" || job.status === "running";
  return isInterrupted && scheduleOf(job.spec) !== null && !isUnbegun(job);
}
