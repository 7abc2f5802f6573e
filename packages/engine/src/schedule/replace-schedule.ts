import type { EventDraft } from "../event/event-draft.ts";
import { updateChecked } from "../job/checked-write.ts";
import type { Job } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import { isReadable } from "../job/listed-job.ts";
import type { Store } from "../port/store.ts";
import type { EngineParts } from "../worker/engine-parts.ts";
import { cancelledEnd, type RunEnd } from "../worker/run-outcome.ts";
import { hasCode } from "../worker/update-leased.ts";
import { isUnbegun } from "./schedule-of.ts";

/** The runs of a campaign's schedule that have not ended: one that waits for its time or is under way, as a rule. */
export async function openRuns(
  store: Store,
  { tenant, spec }: Pick<Job, "tenant" | "spec">,
): Promise<readonly Job[]> {
  const found: Job[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.listJobs({
      tenant,
      scheduled: true,
      status: ["queued", "running", "paused"],
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.filter(isReadable).filter((job) => job.spec.name === spec.name));
    after = page.at(-1)?.id;
    if (page.length < pageSize) return found;
  }
}

/** Says of a new schedule whose place it takes; nothing when it is the campaign's first. */
export function replacingEvents(open: readonly Job[]): readonly EventDraft[] {
  return open.map((job) => {
    const what = isUnbegun(job)
      ? `job ${job.id}, which had not begun`
      : `job ${job.id}, which is its last run`;
    return saying(`The schedule takes the place of the campaign's other one: ${what}.`);
  });
}

/** Takes those out of the queue that have not begun; nobody holds them. */
export async function endUnbegun(
  { store, digest }: Pick<EngineParts, "store" | "digest">,
  jobs: readonly Job[],
): Promise<void> {
  for (const { id } of jobs) {
    const ending = updateChecked(store, id, (job, now) => {
      if (!isUnbegun(job)) return {};
      const { drafts, patch } = replacedEnd(job, now);
      return releaseChange(job, now, digest, drafts, patch);
    });
    await ending.catch((error: unknown) => {
      // Erased in between.
      if (!hasCode(error, "not_found")) throw error;
    });
  }
}

/** The end of a run that was not begun, because its schedule is not the campaign's any more. */
export function replacedEnd(job: Job, now: number): RunEnd {
  const { drafts, patch } = cancelledEnd(job, now);
  return { drafts: [saying("Another schedule has taken the place of this run's."), ...drafts], patch };
}

function saying(message: string): EventDraft {
  return { type: "log", data: { level: "warning", code: "schedule.replaced", message } };
}

const pageSize = 1_000;
