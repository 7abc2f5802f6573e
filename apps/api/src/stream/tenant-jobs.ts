import {
  type Clock,
  isReadable,
  isTerminalStatus,
  type Job,
  type JobStatus,
  type ListedJob,
  type Store,
} from "@cmo/engine";

/** The jobs of one tenant, as the readers of all of them see them. */
export interface TenantJobs {
  /** All that have not ended, and the newest that have. */
  current(): Promise<readonly Job[]>;
  /** These, as far as they are there and are the tenant's. */
  named(jobIds: Iterable<string>): Promise<readonly Job[]>;
  /** Those that came and were not noted, the oldest first. */
  arrived(): Promise<readonly Job[]>;
  /** Whether it came since this began, and was not noted. */
  isNew(job: Job): boolean;
  note(jobs: readonly Job[]): void;
}

/** So many ended jobs are told of. */
const endedJobs = 100;
const openStatuses: readonly JobStatus[] = ["queued", "running", "paused"];
const endedStatuses: readonly JobStatus[] = ["completed", "failed", "cancelled"];

const pageJobs = 1_000;
/** New jobs come one by one; a longer list is read only when more of them came. */
const arrivalJobs = 8;
const mostNoted = 10_000;
/** How far the clocks of those who write jobs may be apart. */
const clockSkewMs = 60_000;

/** The {@link TenantJobs} of a tenant. */
export function createTenantJobs(store: Store, tenant: string, clock: Pick<Clock, "now">): TenantJobs {
  const noted = new Set<string>();
  // Where all that were noted are erased, the old ones behind them are still no new ones.
  const since = clock.now() - clockSkewMs;
  const isNew = ({ id, createdAt }: Pick<ListedJob, "id" | "createdAt">) =>
    !noted.has(id) && createdAt >= since;

  async function* pages(
    status: readonly JobStatus[] | undefined,
    limit: number,
  ): AsyncGenerator<readonly ListedJob[]> {
    let after: string | undefined;
    for (;;) {
      const jobs = await store.listJobs({
        tenant,
        limit,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
      });
      yield jobs;
      after = jobs.at(-1)?.id;
      if (jobs.length < limit || after === undefined) return;
    }
  }

  return {
    async current() {
      const found = new Map<string, Job>();
      for await (const page of pages(openStatuses, pageJobs)) {
        for (const job of page.filter(isReadable)) found.set(job.id, job);
      }
      // After the others, so that one which ends in between is in one of both.
      const ended = await store.listJobs({ tenant, status: endedStatuses, limit: endedJobs });
      for (const job of ended.filter(isReadable)) found.set(job.id, job);
      return [...found.values()];
    },
    async named(jobIds) {
      const jobs: Job[] = [];
      for (const jobId of jobIds) {
        const job = await store.readListedJob(jobId);
        if (job?.tenant === tenant && isReadable(job)) jobs.push(job);
      }
      return jobs;
    },
    async arrived() {
      const jobs: Job[] = [];
      for await (const page of pages(undefined, arrivalJobs)) {
        const old = page.findIndex((job) => !isNew(job));
        jobs.push(...(old === -1 ? page : page.slice(0, old)).filter(isReadable));
        if (old !== -1) break;
      }
      return jobs.toReversed();
    },
    isNew,
    note(jobs) {
      for (const { id } of jobs) noted.add(id);
      for (const first of noted) {
        if (noted.size <= mostNoted) return;
        noted.delete(first);
      }
    },
  };
}

/** Whether anything more will be written to its log. */
export function isOpenJob({ status }: Job): boolean {
  return !isTerminalStatus(status);
}
