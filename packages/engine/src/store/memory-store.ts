import { CmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { eventVersion, type JobEvent } from "../event/job-event.ts";
import type { Job } from "../job/job.ts";
import type { Lead } from "../lead/lead.ts";
import type { Clock } from "../port/clock.ts";
import type { Random } from "../port/random.ts";
import type { JobChange, JobWrite, Store, TaskResult } from "../port/store.ts";

/** What {@link createMemoryStore} needs: its clock, and randomness for the key of its suppression hashes. */
export interface MemoryStoreOptions {
  clock: Pick<Clock, "now">;
  random: Random;
}

interface JobRecord {
  job: Job;
  readonly events: JobEvent[];
  readonly taskResults: Map<string, TaskResult>;
  /** By rank. */
  leads: readonly Lead[];
}

/** A store that lives as long as the process. The reference for what a store does: every contract test passes on it. */
export function createMemoryStore({ clock, random }: MemoryStoreOptions): Store {
  const records = new Map<string, JobRecord>();
  const listeners = new Set<(changed: string) => void>();
  const suppressed = new Set<string>();
  const firstSeen = new Map<string, Map<string, string>>();
  const suppressionKey = randomHex(random, 64);

  function recordOf(jobId: string): JobRecord {
    const record = records.get(jobId);
    if (record === undefined) throw notFound(jobId);
    return record;
  }

  function write(record: JobRecord, change: JobChange, now: number): JobWrite {
    const events = number(record.job.id, change.events ?? [], record.job.lastSeq, now);
    const patch = change.patch === undefined ? {} : copyOf(change.patch);
    record.job = Object.freeze({ ...record.job, ...patch, lastSeq: record.job.lastSeq + events.length });
    record.events.push(...events);
    for (const result of change.taskResults ?? []) {
      const key = taskKey(result.kind, result.itemId);
      if (!record.taskResults.has(key)) record.taskResults.set(key, Object.freeze({ ...result }));
    }
    if (change.leads !== undefined) {
      record.leads = change.leads.map(copyOf).sort((a, b) => a.rank - b.rank);
    }
    // A copy: a listener may take itself, or another one, off the list.
    for (const listener of [...listeners]) listener(record.job.id);
    return { job: record.job, events };
  }

  return {
    durable: false,

    async createJob(job, drafts) {
      if (records.has(job.id)) throw new CmoError("conflict", `There is a job ${job.id} already.`);
      const now = clock.now();
      const record: JobRecord = {
        job: { ...copyOf(job), createdAt: now, lastSeq: 0 },
        events: [],
        taskResults: new Map(),
        leads: [],
      };
      records.set(job.id, record);
      return write(record, { events: drafts }, now);
    },

    async readJob(jobId) {
      return records.get(jobId)?.job ?? null;
    },

    async listJobs({ status, after, limit }) {
      const newestFirst = [...records.values()].map((record) => record.job).reverse();
      const start = after === undefined ? 0 : newestFirst.findIndex((job) => job.id === after) + 1;
      return newestFirst
        .slice(start)
        .filter((job) => status === undefined || status.includes(job.status))
        .slice(0, limit);
    },

    async updateJob(jobId, decide) {
      const record = recordOf(jobId);
      const now = clock.now();
      return write(record, decide(record.job, now), now);
    },

    async claimNext({ jobId }, decide) {
      const now = clock.now();
      let best: JobRecord | null = null;
      for (const record of records.values()) {
        if (jobId !== undefined && record.job.id !== jobId) continue;
        if (!isClaimable(record.job, now)) continue;
        if (best === null || record.job.priority > best.job.priority) best = record;
      }
      return best === null ? null : write(best, decide(best.job, now), now);
    },

    async readEvents(jobId, after, limit) {
      return recordOf(jobId).events.slice(Math.max(0, after), Math.max(0, after) + limit);
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
            found.set(itemId, result);
            break;
          }
          record = record.job.parentJobId === null ? undefined : records.get(record.job.parentJobId);
        }
      }
      return found;
    },

    async readLeads(jobId, { afterRank, limit, contactable }) {
      return recordOf(jobId)
        .leads.filter((lead) => lead.rank > afterRank)
        .filter((lead) => contactable === undefined || lead.contactable === contactable)
        .slice(0, limit);
    },

    async suppressionKey() {
      return suppressionKey;
    },
    async findSuppressed(hashes) {
      return new Set(hashes.filter((hash) => suppressed.has(hash)));
    },
    async addSuppressed(hashes) {
      for (const hash of hashes) suppressed.add(hash);
    },
    async removeSuppressed(hashes) {
      for (const hash of hashes) suppressed.delete(hash);
    },

    async readFirstSeen(campaign, nodeIds) {
      const known = firstSeen.get(campaign);
      const found = new Map<string, string>();
      for (const nodeId of nodeIds) {
        const at = known?.get(nodeId);
        if (at !== undefined) found.set(nodeId, at);
      }
      return found;
    },
    async noteFirstSeen(campaign, seen) {
      const known = firstSeen.get(campaign) ?? new Map<string, string>();
      for (const [nodeId, at] of seen) if (!known.has(nodeId)) known.set(nodeId, at);
      firstSeen.set(campaign, known);
    },

    async close() {
      listeners.clear();
    },
  };
}

function number(jobId: string, drafts: readonly EventDraft[], lastSeq: number, now: number): JobEvent[] {
  const at = new Date(now).toISOString();
  const events = drafts.map((draft, index) => ({
    v: eventVersion,
    jobId,
    seq: lastSeq + index + 1,
    at,
    type: draft.type,
    data: draft.data,
  }));
  return copyOf(events);
}

/**
 * A copy as a database would give it: nobody who has it can change what is stored through it. What is one object in
 * many places stays one: a lead's data share where they were read.
 */
function copyOf<T>(value: T): T {
  const copies = new Map<object, object>();
  return copy(value) as T;

  function copy(part: unknown): unknown {
    if (typeof part !== "object" || part === null) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    const made = Array.isArray(part)
      ? part.map(copy)
      : Object.fromEntries(
          Object.entries(part).flatMap(([key, one]) => (one === undefined ? [] : [[key, copy(one)]])),
        );
    copies.set(part, Object.freeze(made));
    return made;
  }
}

function isClaimable(job: Job, now: number): boolean {
  if (job.status === "queued") return job.notBefore <= now;
  return job.status === "running" && (job.leaseUntil === null || job.leaseUntil <= now);
}

function taskKey(kind: string, itemId: string): string {
  return JSON.stringify([kind, itemId]);
}

function notFound(jobId: string): CmoError {
  return new CmoError("not_found", `There is no job ${jobId} in this store.`);
}

function randomHex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}
