import { CmoError } from "../error/cmo-error.ts";
import type { JobEvent } from "../event/job-event.ts";
import { numberDrafts } from "../event/number-drafts.ts";
import type { Job } from "../job/job.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import type { Lead } from "../lead/lead.ts";
import type { JobChange, JobWrite, TaskResult } from "../port/job-change.ts";
import type { WorkLimits } from "../port/job-query.ts";
import type { Erasure, ExportedPath, FirstSeen, ListedSuppression } from "../port/stored-people.ts";
import { frozenCopy } from "./frozen-copy.ts";

/** A result as it is kept: of the job that it is with. */
export type KeptResult = Required<Omit<TaskResult, "inherited">>;

/** A job in memory, with all that is of it. What is in the collections is frozen. */
export interface JobRecord {
  job: Job;
  /** When it came into the queue the last time. */
  queuedAt: number;
  events: JobEvent[];
  /** What is kept with events, by their seq. */
  readonly links: Map<number, string>;
  /** By {@link MemoryState.taskKey}. */
  readonly taskResults: Map<string, KeptResult>;
  leads: Lead[];
  readonly configText: string | null;
  checkpoint: string | null;
  /** The campaign as whose run it ended. */
  exportedAs: string | null;
  /** By collection and key. */
  readonly records: Map<string, Map<string, string>>;
}

/** A job that is put in, and the config that it was made from. */
type NewJobRecord = NonNullable<JobChange["next"]> & { readonly configText: string | null };

/** Everything that a store in memory holds, and what all of its parts do with it. */
export interface MemoryState {
  /** By id, in the order in which they were made. */
  readonly jobs: Map<string, JobRecord>;
  readonly listeners: Set<(changed: string) => void>;
  readonly notes: Map<string, { readonly value: string; readonly at: number }>;
  readonly shared: Map<string, string>;
  readonly suppressed: Map<string, ListedSuppression>;
  /** By campaign and node id. */
  readonly firstSeen: Map<string, Map<string, FirstSeen & { readonly keepUntil: number }>>;
  readonly files: Map<string, ExportedPath>;
  readonly erasures: Erasure[];
  /** Under what the result of an item is found. */
  taskKey(kind: string, itemId: string): string;
  /** @throws CmoError `not_found`. */
  recordOf(jobId: string): JobRecord;
  /** Those that somebody may still work on. */
  unfinished(): JobRecord[];
  /** Whether a worker may take it. */
  isClaimable(job: Job, now: number): boolean;
  /** Which jobs a worker may take without there being too many of their kind. */
  freeWithin(limits: WorkLimits, now: number): (job: Job) => boolean;
  /** Puts in a job whose id is free. */
  putIn(next: NewJobRecord, now: number): JobWrite;
  /** Writes everything of a change. Does not throw, so that all of it is written, or none. */
  write(record: JobRecord, change: JobChange, now: number): JobWrite;
  /** Takes these jobs out. @throws CmoError `conflict` when a worker holds one of them; then all stay. */
  remove(jobIds: readonly string[], now: number): void;
}

/** The state of a new store. */
export function createMemoryState(): MemoryState {
  const jobs = new Map<string, JobRecord>();
  const listeners: MemoryState["listeners"] = new Set();
  const notes: MemoryState["notes"] = new Map();
  const firstSeen: MemoryState["firstSeen"] = new Map();

  /** Tells all who listen that there is something new about a job. */
  function ring(jobId: string): void {
    // A copy: a listener may take itself, or another one, off the list.
    for (const listener of [...listeners]) listener(jobId);
  }

  function noteExported(record: JobRecord, campaign: string, now: number): void {
    const { startedAt, keepUntil } = record.job;
    const known = firstSeen.get(campaign) ?? new Map();
    firstSeen.set(campaign, known);
    record.exportedAs = campaign;
    for (const { nodeId, contactable } of record.leads) {
      if (!contactable) continue;
      const before = known.get(nodeId);
      const first =
        before === undefined || before.exportedAt === null
          ? { at: new Date(startedAt ?? now).toISOString(), exportedAt: now }
          : { at: before.at, exportedAt: before.exportedAt };
      known.set(nodeId, { ...first, keepUntil: Math.max(before?.keepUntil ?? keepUntil, keepUntil) });
    }
  }

  const taskKey = (kind: string, itemId: string) => JSON.stringify([kind, itemId]);

  function putIn({ job, configText, ...log }: NewJobRecord, now: number): JobWrite {
    const record: JobRecord = {
      job: { ...frozenCopy(job), createdAt: now, lastSeq: 0 },
      queuedAt: now,
      events: [],
      links: new Map(),
      configText,
      taskResults: new Map(),
      leads: [],
      checkpoint: null,
      exportedAs: null,
      records: new Map(),
    };
    jobs.set(job.id, record);
    return write(record, log, now);
  }

  function write(record: JobRecord, change: JobChange, now: number): JobWrite {
    const { id, lastSeq, status } = record.job;
    const events = frozenCopy(numberDrafts(record.job, change.events ?? [], now));
    record.job = Object.freeze({
      ...record.job,
      ...frozenCopy(change.patch),
      lastSeq: lastSeq + events.length,
    });
    if (record.job.status === "queued" && status !== "queued") record.queuedAt = now;
    record.events.push(...events);
    if (change.link !== undefined) record.links.set(change.link.seq, change.link.link);
    for (const result of change.taskResults ?? []) {
      const key = taskKey(result.kind, result.itemId);
      if (record.taskResults.has(key)) continue;
      record.taskResults.set(key, Object.freeze({ cacheKey: null, fetchedAt: now, ...result }));
    }
    if (change.exportedAs !== undefined) noteExported(record, change.exportedAs, now);
    if (change.clearLeads) record.leads = [];
    for (const lead of frozenCopy(change.leads ?? [])) record.leads.push(lead);
    for (const { collection, key, value } of change.records ?? []) {
      const entries = record.records.get(collection) ?? new Map<string, string>();
      record.records.set(collection, entries);
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    }
    if (change.checkpoint !== undefined) record.checkpoint = change.checkpoint;
    if (change.checkpoint === null) record.records.clear();
    for (const { key, value } of change.notes ?? []) notes.set(key, { value, at: now });
    ring(id);
    if (change.next !== undefined && !jobs.has(change.next.job.id)) {
      putIn({ ...change.next, configText: record.configText }, now);
    }
    return { job: record.job, events };
  }

  return {
    jobs,
    listeners,
    notes,
    shared: new Map(),
    suppressed: new Map(),
    firstSeen,
    files: new Map(),
    erasures: [],
    taskKey,
    recordOf(jobId) {
      const record = jobs.get(jobId);
      if (record === undefined) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
      return record;
    },
    unfinished: () => [...jobs.values()].filter(({ job }) => !isTerminalStatus(job.status)),
    isClaimable,
    freeWithin({ perTenant = Number.POSITIVE_INFINITY, perSource = {} }, now) {
      const busy = [...jobs.values()].filter(({ job }) => hasLiveLease(job, now));
      const count = (isSame: (job: Job) => boolean) => busy.filter((record) => isSame(record.job)).length;
      return ({ tenant, spec }) =>
        count((other) => other.tenant === tenant) < perTenant &&
        count((other) => other.spec.source.type === spec.source.type) <
          (perSource[spec.source.type] ?? Number.POSITIVE_INFINITY);
    },
    putIn,
    write,
    remove(jobIds, now) {
      const gone = jobIds.filter((jobId) => jobs.has(jobId));
      for (const jobId of gone) {
        const job = jobs.get(jobId)?.job;
        if (job === undefined || !hasLiveLease(job, now)) continue;
        throw new CmoError("conflict", `A worker holds job ${jobId}.`, { hint: "Cancel it first." });
      }
      for (const jobId of gone) {
        jobs.delete(jobId);
        ring(jobId);
      }
    },
  };
}

function isClaimable(job: Job, now: number): boolean {
  if (job.status === "queued") return job.notBefore <= now;
  return job.status === "running" && (job.leaseUntil === null || job.leaseUntil <= now);
}
