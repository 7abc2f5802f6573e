import type { Job } from "../job/job.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { Store } from "../port/store.ts";
import { firstRunOf, scheduleOf } from "./schedule-of.ts";

// A campaign has one schedule. Which one is told by a text of the store: the first run of the one that came last. A
// schedule takes the place before its first run is put in, and has it when that is there: so whoever finds a run that was
// put in knows that its schedule had come to the place by then, and a crash in between leaves the schedule before.

/** Where it is told, and under what. */
interface PlaceParts {
  readonly store: Store;
  readonly digest: Digest;
}

/** What says whose place it is. */
type PlacedJob = Pick<Job, "id" | "tenant" | "spec">;

/** The schedule that came last. */
interface Holder {
  /** Its first run. */
  readonly jobId: string;
  readonly isPutIn: boolean;
}

/** A schedule comes to the place, with the first run that is to be put in. */
export async function takePlace({ store, digest }: PlaceParts, job: PlacedJob): Promise<void> {
  await store.updateShared(placeOf(digest, job), () =>
    JSON.stringify({ jobId: job.id, isPutIn: false } satisfies Holder),
  );
}

/** The first run of a schedule was put in; tells whether the place is still its schedule's. */
export async function confirmPlace({ store, digest }: PlaceParts, job: PlacedJob): Promise<boolean> {
  const text = await store.updateShared(placeOf(digest, job), (before) =>
    holderOf(before)?.jobId === job.id
      ? JSON.stringify({ jobId: job.id, isPutIn: true } satisfies Holder)
      : before,
  );
  return holderOf(text)?.jobId === job.id;
}

/**
 * What comes before a run does anything. The first run of a schedule confirms its place, in case whoever submitted it
 * was gone before that; a later one is not begun when another schedule has the place.
 */
export async function beginSchedule(parts: PlaceParts, job: Job): Promise<"replaced" | "begun"> {
  const schedule = scheduleOf(job.spec);
  if (schedule === null || job.snapshot.progress.stage !== null) return "begun";
  if (schedule.firstJobId !== undefined) return (await isReplaced(parts, job)) ? "replaced" : "begun";
  await confirmPlace(parts, job);
  return "begun";
}

/** Whether another schedule of the campaign has the place of the one that this job is a run of. */
export async function isReplaced({ store, digest }: PlaceParts, job: PlacedJob): Promise<boolean> {
  if (scheduleOf(job.spec) === null) return false;
  const holder = holderOf(await store.readShared(placeOf(digest, job)));
  return holder?.isPutIn === true && holder.jobId !== firstRunOf(job);
}

/** Under a digest: the name of a campaign may say of whom it is. */
function placeOf(digest: Digest, { tenant, spec }: Pick<Job, "tenant" | "spec">): string {
  return `schedule ${digestText(digest, JSON.stringify([tenant, spec.name]))}`;
}

function holderOf(text: string | null): Holder | null {
  return text === null ? null : (JSON.parse(text) as Holder);
}
