import { eventVersion, type JobEvent } from "../event/job-event.ts";
import type { Job } from "../job/job.ts";
import type { Lead } from "../lead/lead.ts";
import type {
  Erasure,
  ExportedPath,
  JobChange,
  JobWrite,
  ListedSuppression,
  TaskResult,
} from "../port/store.ts";
import { frozenCopy } from "./frozen-copy.ts";

/** A job in memory, with all that is of it. What is in the collections is frozen. */
export interface JobRecord {
  job: Job;
  events: JobEvent[];
  /** By kind and item. */
  readonly taskResults: Map<string, Required<TaskResult>>;
  leads: Lead[];
  checkpoint: string | null;
  /** By collection and key. */
  readonly records: Map<string, Map<string, string>>;
}

/** Everything that a store in memory holds. */
export interface MemoryState {
  /** By id, in the order in which they were made. */
  readonly jobs: Map<string, JobRecord>;
  readonly listeners: Set<(changed: string) => void>;
  readonly notes: Map<string, { readonly value: string; readonly at: number }>;
  readonly shared: Map<string, string>;
  readonly suppressed: Map<string, ListedSuppression>;
  /** By campaign and node id. */
  readonly firstSeen: Map<string, Map<string, { readonly at: string; readonly keepUntil: number }>>;
  readonly files: Map<string, ExportedPath>;
  readonly erasures: Erasure[];
}

/** The state of a new store. */
export function emptyState(): MemoryState {
  return {
    jobs: new Map(),
    listeners: new Set(),
    notes: new Map(),
    shared: new Map(),
    suppressed: new Map(),
    firstSeen: new Map(),
    files: new Map(),
    erasures: [],
  };
}

/** Writes everything of a change. Nothing in here throws, so that all of it is written, or none. */
export function writeChange(state: MemoryState, record: JobRecord, change: JobChange, now: number): JobWrite {
  const { id, lastSeq } = record.job;
  const at = new Date(now).toISOString();
  const events = frozenCopy(
    (change.events ?? []).map(({ type, data }, index) => ({
      v: eventVersion,
      jobId: id,
      seq: lastSeq + index + 1,
      at,
      type,
      data,
    })),
  );
  record.job = Object.freeze({
    ...record.job,
    ...frozenCopy(change.patch),
    lastSeq: lastSeq + events.length,
  });
  record.events.push(...events);
  for (const result of change.taskResults ?? []) {
    const key = taskKey(result.kind, result.itemId);
    if (record.taskResults.has(key)) continue;
    record.taskResults.set(key, Object.freeze({ cacheKey: null, fetchedAt: now, ...result }));
  }
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
  for (const { key, value } of change.notes ?? []) state.notes.set(key, { value, at: now });
  ring(state, id);
  return { job: record.job, events };
}

/** Tells all who listen that there is something new about a job. */
export function ring({ listeners }: MemoryState, jobId: string): void {
  // A copy: a listener may take itself, or another one, off the list.
  for (const listener of [...listeners]) listener(jobId);
}

/** Under what the result of an item is found. */
export function taskKey(kind: string, itemId: string): string {
  return JSON.stringify([kind, itemId]);
}
