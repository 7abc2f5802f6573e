import type { Job } from "../job/job.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { Store } from "../port/store.ts";
import { firstRunOf, scheduleOf } from "./schedule-of.ts";

// A campaign has one schedule. Which one is told by a text of the store: the first run of the schedule that came last.

/** Where it is told, and under what. */
interface PlaceParts {
  readonly store: Store;
  readonly digest: Digest;
}

/** The first run of a schedule. */
interface ScheduleStart {
  readonly jobId: string;
  readonly createdAt: number;
}

/** Makes the schedule of a job that was submitted the one of its campaign, unless a later one is. */
export async function takePlace({ store, digest }: PlaceParts, job: Job): Promise<void> {
  const { id, createdAt } = job;
  await store.updateShared(placeOf(digest, job), (text) => {
    const there = startOf(text);
    const mine: ScheduleStart = { jobId: id, createdAt };
    return JSON.stringify(there === null || isLater(mine, there) ? mine : there);
  });
}

/**
 * What comes before a run does anything. The first run of a schedule takes its place, in case whoever submitted it was
 * gone before that; a later one is not begun when another schedule has taken it.
 */
export async function beginSchedule(parts: PlaceParts, job: Job): Promise<"replaced" | "begun"> {
  const schedule = scheduleOf(job.spec);
  if (schedule === null || job.snapshot.progress.stage !== null) return "begun";
  if (schedule.firstJobId !== undefined) return (await isReplaced(parts, job)) ? "replaced" : "begun";
  await takePlace(parts, job);
  return "begun";
}

/** Whether another schedule of the campaign has taken the place of the one that this job is a run of. */
export async function isReplaced(
  { store, digest }: PlaceParts,
  job: Pick<Job, "id" | "tenant" | "spec">,
): Promise<boolean> {
  if (scheduleOf(job.spec) === null) return false;
  const there = startOf(await store.readShared(placeOf(digest, job)));
  return there !== null && there.jobId !== firstRunOf(job);
}

/** By the store's clock, and of two that came at once one is the later for everybody. */
function isLater(one: ScheduleStart, other: ScheduleStart): boolean {
  if (one.createdAt !== other.createdAt) return one.createdAt > other.createdAt;
  return one.jobId > other.jobId;
}

/** Under a digest: the name of a campaign may say of whom it is. */
function placeOf(digest: Digest, { tenant, spec }: Pick<Job, "tenant" | "spec">): string {
  return `schedule ${digestText(digest, JSON.stringify([tenant, spec.name]))}`;
}

function startOf(text: string | null): ScheduleStart | null {
  return text === null ? null : (JSON.parse(text) as ScheduleStart);
}
