import type { EventDraft } from "../event/event-draft.ts";
import { isBoundary, isMergeable, mergeDraft } from "../event/merge-drafts.ts";
import type { Job } from "../job/job.ts";
import { appendEvents } from "../job/job-changes.ts";
import type { Digest } from "../port/digest.ts";
import type { JobChange } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import type { Progress } from "../progress/progress.ts";
import { reduceProgress } from "../progress/reduce-progress.ts";
import type { RunEnd } from "./run-outcome.ts";
import { type HeldLease, updateLeased } from "./update-leased.ts";

/** What one commit of a run writes beside the events gathered so far. */
export interface RunCommit extends Omit<JobChange, "patch" | "events" | "next"> {
  /** The last change: its events close the log, its patch ends the lease. Made on the job as it stands. */
  readonly end?: (job: Job, now: number) => RunEnd;
}

/** The one writer of a run: gathers events, and stores them in order, in transactions that carry the lease. */
export interface RunLog {
  /** The job as it was last written. */
  job(): Job;
  /** The fold of all events, those still waiting too. */
  progress(): Progress;
  /** Whether events wait to be stored. */
  dirty(): boolean;
  /** Whether something is being stored. */
  writing(): boolean;
  /** Takes an event; stage, artifact, log, quota.waiting and job events are stored at once, others soon. */
  append(draft: EventDraft): void;
  /** Stores the waiting events, and these changes, in one transaction. @throws CmoError `lease_lost` and the store's. */
  commit(change?: RunCommit): Promise<void>;
}

/** What {@link createRunLog} needs. `onFailure` hears of a write that failed and that nobody waits for. */
export interface RunLogOptions {
  store: Store;
  digest: Digest;
  job: Job;
  lease: HeldLease;
  /** Shown the job as it stands after each write. */
  onWritten?(job: Job): void;
  onFailure(error: unknown): void;
}

interface Request {
  readonly change: RunCommit;
  resolve(): void;
  reject(error: unknown): void;
}

/** A {@link RunLog} over a claimed job. */
export function createRunLog({
  store,
  digest,
  job: claimed,
  lease,
  onWritten,
  onFailure,
}: RunLogOptions): RunLog {
  let job = claimed;
  let progress = claimed.snapshot.progress;
  let waiting: EventDraft[] = [];
  /** Events of writes that failed: a store that lost its connection while it answered may have stored them. */
  let doubtful: readonly EventDraft[] = [];
  let requests: Request[] = [];
  let writing = false;
  let closed = false;

  function commit(change: RunCommit = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      requests.push({ change, resolve, reject });
      if (!writing) void write();
    });
  }

  async function write(): Promise<void> {
    writing = true;
    while (requests.length > 0) {
      const batch = requests;
      const held = batch.every(isTaskResultOnly) ? heldBack(waiting) : waiting.length;
      const drafts = [...doubtful, ...waiting.slice(0, held)];
      requests = [];
      waiting = waiting.slice(held);
      try {
        const written = await updateLeased(store, job, lease, (current, now) =>
          // Nobody else appends while the lease is held: what is there beyond the last known event are these.
          changeOf(current, now, digest, drafts.slice(current.lastSeq - job.lastSeq), batch),
        );
        job = written.job;
        doubtful = [];
        onWritten?.(job);
        for (const request of batch) request.resolve();
      } catch (error) {
        // Kept for the next try, apart from what comes after and might be merged into them.
        doubtful = drafts;
        for (const request of batch) request.reject(error);
      }
    }
    writing = false;
  }

  return {
    job: () => job,
    progress: () => progress,
    writing: () => writing,
    dirty: () => waiting.length > 0 || doubtful.length > 0,
    append(draft) {
      if (closed) return;
      progress = reduceProgress(progress, draft);
      mergeDraft(waiting, draft);
      if (isBoundary(draft)) commit().catch(onFailure);
    },
    async commit(change) {
      if (change?.end !== undefined) closed = true;
      // Nothing to say, and nothing on its way: no transaction.
      if (change === undefined && !writing && waiting.length === 0 && doubtful.length === 0) return;
      await commit(change);
    },
  };
}

/** Whether a request is about the results of tasks, which need no events but those of their making. */
function isTaskResultOnly({ change }: Request): boolean {
  return change.taskResults !== undefined;
}

/**
 * Where the events begin that a task result does not need: progress and metrics after the last event of its making.
 * They go on merging until the next flush; else a log would hold two of them for every result.
 */
function heldBack(waiting: readonly EventDraft[]): number {
  return waiting.findLastIndex((draft) => !isMergeable(draft)) + 1;
}

function changeOf(
  job: Job,
  now: number,
  digest: Digest,
  drafts: readonly EventDraft[],
  batch: readonly Request[],
): JobChange {
  const { end, ...changes } = batch.map((request) => request.change).reduce(joined);
  // The end is made on the job as it is with the events before it: they may decide whether it is partial.
  const ending = end?.({ ...job, ...appendEvents(job, now, digest, drafts).patch }, now);
  return {
    ...changes,
    ...appendEvents(job, now, digest, [...drafts, ...(ending?.drafts ?? [])], ending?.patch),
    ...(ending?.next === undefined ? {} : { next: ending.next }),
  };
}

/** Two commits as one: lists one after the other, of the rest what came last. */
function joined(before: RunCommit, after: RunCommit): RunCommit {
  const change: RunCommit = { ...before, ...after };
  const { taskResults, records, notes } = before;
  const leads = after.clearLeads ? [] : before.leads;
  return {
    ...change,
    ...(taskResults && { taskResults: [...taskResults, ...(after.taskResults ?? [])] }),
    ...(records && { records: [...records, ...(after.records ?? [])] }),
    ...(notes && { notes: [...notes, ...(after.notes ?? [])] }),
    ...(leads && { leads: [...leads, ...(after.leads ?? [])] }),
  };
}
