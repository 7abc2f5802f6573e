import type { Clock } from "../port/clock.ts";
import type { TaskResult } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { matchingLeads, selectLeads } from "./lead-selection.ts";
import type { MemoryState } from "./memory-state.ts";
import { pageOf } from "./page-of.ts";

type ListMethods = Pick<
  Store,
  | "listJobs"
  | "readQueue"
  | "readLeads"
  | "countLeads"
  | "scanRecords"
  | "scanTaskResults"
  | "addSuppressed"
  | "removeSuppressed"
  | "listSuppressed"
  | "noteFiles"
  | "readFiles"
  | "forgetFiles"
>;

/** What a store in memory lists, searches and keeps for those who look after it. */
export function memoryLists(
  { jobs, suppressed, files, recordOf, isClaimable }: MemoryState,
  clock: Pick<Clock, "now">,
): ListMethods {
  return {
    async listJobs({ tenant, status, scheduled = false, expiredAt = Infinity, after, limit }) {
      const newestFirst = [...jobs.values()].map((record) => record.job).reverse();
      const start = after === undefined ? 0 : newestFirst.findIndex((job) => job.id === after) + 1;
      return newestFirst
        .slice(start)
        .filter(
          (job) =>
            (tenant ?? job.tenant) === job.tenant &&
            (status?.includes(job.status) ?? true) &&
            (!scheduled || job.spec.schedule !== undefined) &&
            job.keepUntil < expiredAt,
        )
        .slice(0, limit);
    },
    async readQueue() {
      const counts = { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 };
      const now = clock.now();
      let claimable = 0;
      let oldest = now;
      for (const { job, queuedAt } of jobs.values()) {
        counts[job.status] += 1;
        if (!isClaimable(job, now)) continue;
        claimable += 1;
        const since = job.status === "queued" ? Math.max(queuedAt, job.notBefore) : job.leaseUntil;
        oldest = Math.min(oldest, since ?? queuedAt);
      }
      return { jobs: counts, claimable, oldestClaimableAt: claimable === 0 ? null : oldest };
    },
    readLeads: async (jobId, filter) => selectLeads(recordOf(jobId).leads, filter),
    countLeads: async (jobId, selection) => matchingLeads(recordOf(jobId).leads, selection).length,
    async scanRecords(jobId, collection, after, limit) {
      const entries = recordOf(jobId).records.get(collection) ?? [];
      return pageOf(entries, ([key]) => key, after, limit).map(([key, value]) => ({ key, value }));
    },
    async scanTaskResults(jobId, after, limit) {
      // No store keeps a text with a NUL in it: kinds are told apart before items are looked at.
      const keyOf = (one: Pick<TaskResult, "kind" | "itemId">) => `${one.kind}\0${one.itemId}`;
      const results = recordOf(jobId).taskResults.values();
      return pageOf(results, keyOf, after === null ? null : keyOf(after), limit);
    },
    async addSuppressed(entries) {
      for (const { kind, hash } of entries) {
        if (!suppressed.has(hash)) suppressed.set(hash, Object.freeze({ kind, hash, addedAt: clock.now() }));
      }
    },
    async removeSuppressed(hashes) {
      for (const hash of hashes) suppressed.delete(hash);
    },
    listSuppressed: async ({ after, limit }) =>
      pageOf(suppressed.values(), (entry) => entry.hash, after, limit),
    async noteFiles(noted) {
      for (const file of noted) files.set(file.path, Object.freeze({ ...file }));
    },
    readFiles: async (jobId) =>
      pageOf(files.values(), (file) => file.path).filter((file) => file.jobId === (jobId ?? file.jobId)),
    async forgetFiles(paths) {
      for (const path of paths) files.delete(path);
    },
  };
}
