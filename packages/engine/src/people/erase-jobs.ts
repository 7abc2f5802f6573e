import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { isReadable, type ListedJob } from "../job/listed-job.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import type { Store } from "../port/store.ts";
import type { ErasureScope } from "../port/stored-people.ts";
import { endLeftRun } from "../schedule/end-left-run.ts";
import { openRuns } from "../schedule/replace-schedule.ts";
import { isSameSchedule, isUnbegun, scheduleOf } from "../schedule/schedule-of.ts";
import { createBell } from "../task/bell.ts";
import { endingParts, type PeopleParts } from "./people-parts.ts";
import { type FileOptions, noteStaleFiles, nothing } from "./stale-files.ts";
import { campaignsOf, type TenantOptions } from "./tenant-rows.ts";

/** What an erase of jobs came to. */
export interface JobErasure {
  /** Those that are gone. */
  readonly jobs: readonly string[];
  /** Those that a worker holds, and that were left as they are. */
  readonly held: readonly string[];
  /** See `PersonErasure`. */
  readonly state: "done" | "pending";
}

/** What is needed to erase jobs. */
export type JobParts = Pick<PeopleParts, "store" | "clock">;

/** Which jobs are meant, and how long a worker may take to let go of one. */
export interface EraseJobsOptions extends FileOptions {
  /** In milliseconds. Default 15,000. */
  readonly waitMs?: number;
}

/**
 * Erases jobs with everything that is of them. One that is being worked on is cancelled first, and waited for. Files
 * are the caller's, in `seeToFiles`: the jobs are noted (`staleFiles`) before anything is erased. A run that has not
 * ended takes the next run of its schedule with it: nobody who erases it expects it to come back.
 * @throws CmoError `not_found`; `conflict` when a worker does not let go in time. Then nothing was erased.
 */
export async function eraseJobs(
  parts: JobParts,
  jobIds: readonly string[],
  { waitMs = 15_000, seeToFiles = nothing }: EraseJobsOptions = {},
): Promise<JobErasure> {
  const open: Job[] = [];
  for (const jobId of jobIds) {
    const job = await existing(parts.store, jobId);
    // Of one that cannot be read nobody knows whether it has a schedule.
    if (isReadable(job) && !isTerminalStatus(job.status)) open.push(job);
  }
  for (const jobId of jobIds) await letGo(parts, jobId, waitMs);
  const jobs = [...new Set([...jobIds, ...(await nextRunsOf(parts.store, open))])];
  await eraseNow(parts.store, jobs, "job");
  await seeToFiles();
  return { jobs, held: [], state: await parts.store.finishErasures() };
}

/** What the schedules of these runs have put in after them and has not begun. */
async function nextRunsOf(store: Store, runs: readonly Job[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const run of runs) {
    if (scheduleOf(run.spec) === null) continue;
    const others = (await openRuns(store, run)).filter((job) => isUnbegun(job) && isSameSchedule(job, run));
    found.push(...others.map(({ id }) => id));
  }
  return found;
}

/**
 * The jobs that ended before a time, or were created before it and have not ended; in milliseconds since the epoch. The
 * next run of a schedule is older than no time: it waits for its own, and holds nothing of anybody. With
 * `Number.POSITIVE_INFINITY`, all jobs.
 */
export async function jobsOlderThan(
  { store, clock }: JobParts,
  before: number,
  { tenant }: TenantOptions = {},
): Promise<{ readonly free: readonly ListedJob[]; readonly held: readonly ListedJob[] }> {
  const old: ListedJob[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.listJobs({
      limit: pageSize,
      ...(tenant === undefined ? {} : { tenant }),
      ...(after === undefined ? {} : { after }),
    });
    old.push(...page.filter((job) => isOlder(job, before)));
    after = page.at(-1)?.id;
    if (page.length < pageSize) break;
  }
  const isHeld = (job: ListedJob) => hasLiveLease(job, clock.now());
  return { free: old.filter((job) => !isHeld(job)), held: old.filter(isHeld) };
}

function isOlder(job: ListedJob, before: number): boolean {
  if (before === Number.POSITIVE_INFINITY) return true;
  return (job.finishedAt ?? job.createdAt) < before && !(isReadable(job) && isUnbegun(job));
}

/**
 * Erases {@link jobsOlderThan}, but for those that a worker holds; notes of sources from before that time; and what was
 * to be kept until now. With a tenant, notes stay: they are nobody's. A schedule goes on, also where its run began and
 * was not brought to its end.
 */
export async function eraseOlderThan(
  parts: PeopleParts,
  before: number,
  { seeToFiles = nothing, ...whose }: FileOptions & TenantOptions = {},
): Promise<JobErasure> {
  const { store } = parts;
  const { free, held } = await jobsOlderThan(parts, before, whose);
  const jobs = free.map(({ id }) => id);
  for (const job of free.filter(isReadable)) await endLeftRun(endingParts(parts), job);
  if (jobs.length > 0) await eraseNow(store, jobs, "job");
  const notes = whose.tenant === undefined ? before : 0;
  await store.eraseExpired({ firstSeen: await store.now(), notes, ...campaignsOf(whose.tenant) });
  await seeToFiles();
  return { jobs, held: held.map(({ id }) => id), state: await store.finishErasures() };
}

/**
 * Erases every job, who was first seen when, and all notes of sources. The suppression list and its key stay: they are
 * what keeps people out. With a tenant, its jobs and who was first seen in them; notes are nobody's.
 * @throws CmoError `conflict` when a worker does not let go in time. Then nothing was erased.
 */
export async function eraseEverything(
  parts: JobParts,
  { waitMs = 15_000, seeToFiles = nothing, ...whose }: EraseJobsOptions & TenantOptions = {},
): Promise<JobErasure> {
  const { store } = parts;
  const { tenant } = whose;
  const { free, held } = await jobsOlderThan(parts, Number.POSITIVE_INFINITY, whose);
  for (const { id } of held) await letGo(parts, id, waitMs);
  // Those that let go may have put in the next runs of their schedules.
  const later = held.length === 0 ? [] : (await jobsOlderThan(parts, Number.POSITIVE_INFINITY, whose)).free;
  const jobs = [...new Set([...free, ...held, ...later].map(({ id }) => id))];
  if (tenant === undefined) {
    // Files of jobs that were erased before and that could not be removed then.
    await noteStaleFiles(store, [...new Set((await store.readFiles(null)).map(({ jobId }) => jobId))]);
  }
  await eraseNow(store, jobs, tenant === undefined ? "all" : "job");
  const notes = tenant === undefined ? null : 0;
  await store.eraseExpired({ firstSeen: null, notes, ...campaignsOf(tenant) });
  await seeToFiles();
  return { jobs, held: [], state: await store.finishErasures() };
}

/** Erases jobs that nobody holds, and notes that their files are to go. @throws CmoError `conflict`. */
export async function eraseNow(store: Store, jobIds: readonly string[], scope: ErasureScope): Promise<void> {
  await noteStaleFiles(store, jobIds);
  await store.eraseJobs(jobIds, scope);
}

/** Cancels a job that a worker holds, and waits until it has let go. */
async function letGo({ store, clock }: JobParts, jobId: string, waitMs: number): Promise<void> {
  const bell = createBell();
  const offNews = store.onNews(jobId, bell.ring);
  const giveUpAt = clock.now() + waitMs;
  try {
    for (;;) {
      const news = bell.next();
      const held = await cancelHeld({ store, clock }, jobId);
      if (!held) return;
      const leftMs = giveUpAt - clock.now();
      if (leftMs <= 0) break;
      const timer = new AbortController();
      await Promise.race([news, clock.sleep(Math.min(leftMs, 500), timer.signal)]);
      timer.abort();
    }
  } finally {
    offNews();
  }
  throw new CmoError("conflict", `Job ${jobId} was told to stop, and its worker has not let go of it yet.`, {
    hint: "Nothing was erased. Try again; a worker that has died loses the job when its lease has run out.",
  });
}

/** Whether a worker holds the job; it is told to cancel it, once: a write rings for everybody who waits for news. */
async function cancelHeld({ store, clock }: JobParts, jobId: string): Promise<boolean> {
  const job = await store.readListedJob(jobId);
  if (job === null || !hasLiveLease(job, clock.now())) return false;
  // Nothing can be written to it, this neither: it is waited for until its worker lets go of it.
  if (!isReadable(job) || job.desired === "cancelled") return true;
  const { job: told } = await store.updateJob(jobId, (current, now) =>
    hasLiveLease(current, now) ? { patch: { desired: "cancelled" } } : {},
  );
  return hasLiveLease(told, clock.now());
}

async function existing(store: Store, jobId: string): Promise<ListedJob> {
  const job = await store.readListedJob(jobId);
  if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  return job;
}

const pageSize = 500;
