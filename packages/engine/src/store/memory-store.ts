import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import type { Clock } from "../port/clock.ts";
import type { TaskResult } from "../port/job-change.ts";
import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";
import { leadsByRank } from "./leads-by-rank.ts";
import { lookUp } from "./look-up.ts";
import type { MemoryOnDemand } from "./memory-on-demand.ts";
import { memoryPeople } from "./memory-people.ts";
import { createMemoryState, type JobRecord, type KeptResult } from "./memory-state.ts";

/** What {@link createMemoryStore} needs: its clock, and randomness for the key of its suppression hashes. */
export interface MemoryStoreOptions {
  clock: Pick<Clock, "now">;
  random: Random;
  /**
   * What keeps a job from being worked on, or null: `findClaimFault`, where specs come in that nobody has read. Default:
   * nothing does; a page that reads its specs itself does not load all that a spec may say.
   */
  claimFault?: (job: Job) => CmoError | null;
}

/** A store that lives as long as the process. The reference for what a store does: every contract test passes on it. */
export function createMemoryStore({ clock, random, claimFault = () => null }: MemoryStoreOptions): Store {
  const state = createMemoryState();
  const { jobs, listeners, notes, shared, isClaimable, recordOf, taskKey, write } = state;

  async function onDemand(): Promise<MemoryOnDemand> {
    const { memoryOnDemand } = await import("./memory-on-demand.ts");
    return memoryOnDemand(state, clock);
  }

  /** A method that is loaded when it is called. */
  function later<A extends unknown[], R>(
    choose: (methods: MemoryOnDemand) => (...given: A) => Promise<R>,
  ): (...given: A) => Promise<R> {
    return async (...given) => choose(await onDemand())(...given);
  }

  return {
    durable: false,
    now: async () => clock.now(),

    async createJob(job, events, { chain, configText = null } = {}) {
      if (jobs.has(job.id)) throw new CmoError("conflict", `There is a job ${job.id} already.`);
      const now = clock.now();
      const { logHead = job.logHead, ...chained } = chain?.(now) ?? {};
      return state.putIn({ job: { ...job, logHead }, events, ...chained, configText }, now);
    },
    readJob: async (jobId) => jobs.get(jobId)?.job ?? null,
    readStoredJob: async (jobId) => jobs.get(jobId)?.job ?? null,
    readConfigText: async (jobId) => recordOf(jobId).configText,
    readListedJob: async (jobId) => jobs.get(jobId)?.job ?? null,
    async updateJob(jobId, decide) {
      const record = recordOf(jobId);
      const now = clock.now();
      return write(record, decide(record.job, now), now);
    },
    async claimNext({ jobId, limits, onPassedOver }, decide) {
      const now = clock.now();
      const isFree = jobId === undefined && limits !== undefined ? state.freeWithin(limits, now) : () => true;
      const passedOver = new Set<JobRecord>();
      for (;;) {
        let best: JobRecord | null = null;
        for (const record of jobs.values()) {
          if ((jobId !== undefined && record.job.id !== jobId) || passedOver.has(record)) continue;
          if (!isClaimable(record.job, now) || !isFree(record.job)) continue;
          if (best === null || record.job.priority > best.job.priority) best = record;
        }
        if (best === null) return null;
        const fault = claimFault(best.job);
        if (fault === null) return write(best, decide(best.job, now), now);
        if (jobId !== undefined) throw fault;
        passedOver.add(best);
        onPassedOver?.(best.job.id, fault);
      }
    },

    async readEvents(jobId, after, limit) {
      return recordOf(jobId).events.slice(Math.max(0, after), Math.max(0, after) + limit);
    },
    async readLogRows(jobId, after, limit) {
      const { events, links } = recordOf(jobId);
      return events
        .slice(Math.max(0, after), Math.max(0, after) + limit)
        .map(({ seq, at, v, type, data }) => ({
          seq,
          at: Date.parse(at),
          v,
          type,
          data: JSON.stringify(data),
          link: links.get(seq) ?? null,
        }));
    },
    onNews(jobId, ring) {
      const listener = (changed: string) => {
        if (jobId === null || changed === jobId) ring();
      };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    async readTaskResults(jobId, kind, itemIds) {
      const found = new Map<string, TaskResult>();
      for (const itemId of itemIds) {
        for (let record: JobRecord | undefined = recordOf(jobId); record !== undefined; ) {
          const result = record.taskResults.get(taskKey(kind, itemId));
          if (result !== undefined) {
            found.set(itemId, record.job.id === jobId ? result : { ...result, inherited: true });
            break;
          }
          record = jobs.get(record.job.parentJobId ?? "");
        }
      }
      return found;
    },
    async readCached(cacheKeys, since) {
      const wanted = new Set<string | null>(cacheKeys);
      const found = new Map<string, KeptResult>();
      for (const { taskResults } of jobs.values()) {
        for (const result of taskResults.values()) {
          const { cacheKey, fetchedAt } = result;
          if (cacheKey === null || !wanted.has(cacheKey)) continue;
          if (fetchedAt >= Math.max(since, found.get(cacheKey)?.fetchedAt ?? since))
            found.set(cacheKey, result);
        }
      }
      return found;
    },
    async readNotes(keys) {
      return lookUp(keys, (key) => notes.get(key)?.value);
    },
    async readLeads(jobId, filter) {
      const { leads } = recordOf(jobId);
      const { search, sort, minScore } = filter;
      const isPlain = search === undefined && sort === undefined && minScore === undefined;
      return isPlain ? leadsByRank(leads, filter) : (await onDemand()).readLeads(jobId, filter);
    },
    readCheckpoint: async (jobId) => recordOf(jobId).checkpoint,
    async readRecords(jobId, collection, keys) {
      const entries = recordOf(jobId).records.get(collection);
      return lookUp(keys, (key) => entries?.get(key));
    },
    readShared: async (name) => shared.get(name) ?? null,
    async updateShared(name, decide) {
      const next = decide(shared.get(name) ?? null, clock.now());
      if (next === null) shared.delete(name);
      else shared.set(name, next);
      return next;
    },

    ...memoryPeople(state, random),
    listJobs: later((methods) => methods.listJobs),
    readQueue: later((methods) => methods.readQueue),
    countLeads: later((methods) => methods.countLeads),
    scanRecords: later((methods) => methods.scanRecords),
    scanTaskResults: later((methods) => methods.scanTaskResults),
    addSuppressed: later((methods) => methods.addSuppressed),
    removeSuppressed: later((methods) => methods.removeSuppressed),
    // Every reader of leads asks whether there is anybody on it.
    listSuppressed: async (page) =>
      state.suppressed.size === 0 ? [] : (await onDemand()).listSuppressed(page),
    noteFiles: later((methods) => methods.noteFiles),
    readFiles: later((methods) => methods.readFiles),
    forgetFiles: later((methods) => methods.forgetFiles),
    async *findRows(texts) {
      yield* (await onDemand()).findRows(texts);
    },
    eraseRows: later((methods) => methods.eraseRows),
    eraseJobs: later((methods) => methods.eraseJobs),
    eraseExpired: later((methods) => methods.eraseExpired),
    finishErasures: later((methods) => methods.finishErasures),
    listErasures: later((methods) => methods.listErasures),
    async close() {
      listeners.clear();
    },
  };
}
