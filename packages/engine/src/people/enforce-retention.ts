import { CmoError } from "../error/cmo-error.ts";
import { isReadable, type ListedJob } from "../job/listed-job.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import { endLeftRun } from "../schedule/end-left-run.ts";
import { eraseNow } from "./erase-jobs.ts";
import { endingParts, type PeopleParts } from "./people-parts.ts";
import { type FileOptions, nothing } from "./stale-files.ts";

/** What had to go because its time was over. */
export interface RetentionOutcome {
  readonly jobs: readonly string[];
  /** People first seen, and notes of sources. */
  readonly others: number;
  /** See `PersonErasure`; of everything that was erased so far, by whomever. */
  readonly state: "done" | "pending";
}

/** How much is done at once. */
export interface RetentionOptions extends FileOptions {
  /** At most so many jobs; the others are for the next time. Default: all. */
  readonly mostJobs?: number;
}

/** How long notes of sources are of use, in milliseconds. */
const keepNotesMs = 30 * 86_400_000;

/**
 * Erases the jobs whose retention is over, unless a worker holds them; who was first seen and not since; and notes of
 * sources that nobody has made anew for 30 days. Brings erases of before to their end. A schedule goes on, also where
 * its run began and was not brought to its end.
 */
export async function enforceRetention(
  parts: Omit<PeopleParts, "clock">,
  { mostJobs = Number.POSITIVE_INFINITY, seeToFiles = nothing }: RetentionOptions = {},
): Promise<RetentionOutcome> {
  const { store } = parts;
  const erased: string[] = [];
  // By one clock for all: a machine whose own is ahead would erase what others are to keep.
  const now = await store.now();
  for (let skipped = new Set<string>(); erased.length < mostJobs; ) {
    const limit = Math.min(pageSize, skipped.size + 1);
    const expired = await store.listJobs({ expiredAt: now, limit });
    const next = expired.find(({ id }) => !skipped.has(id));
    if (next === undefined) break;
    if (!hasLiveLease(next, now) && (await eraseExpiredJob(next))) erased.push(next.id);
    else skipped = skipped.add(next.id);
  }
  const others = await store.eraseExpired({ firstSeen: now, notes: now - keepNotesMs });
  await seeToFiles();
  return { jobs: erased, others, state: await store.finishErasures() };

  /** One by one: a long transaction keeps everybody else from writing. */
  async function eraseExpiredJob(job: ListedJob): Promise<boolean> {
    try {
      if (isReadable(job)) await endLeftRun(endingParts(parts), job);
      await eraseNow(store, [job.id], "retention");
      return true;
    } catch (error) {
      // Taken by a worker in between.
      if (error instanceof CmoError && error.code === "conflict") return false;
      throw error;
    }
  }
}

const pageSize = 1_000;
