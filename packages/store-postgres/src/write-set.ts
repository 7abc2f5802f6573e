import type { AgentRecordChange, Job, JobChange, JobEvent, SourceNote, TaskResult } from "@cmo/engine";
import { patchJob, type StoredJob } from "@cmo/store-sql";
import { checkpointPart, forgetParts, keptRecordPart, lastRecords, takenRecordPart } from "./agent-memory.ts";
import type { Session } from "./database.ts";
import { eventPart, type NewEvent, newEvents, storedEvents } from "./event-log.ts";
import { changedJobPart, grownJobPart, hasOnlyGrown, snapshotPart } from "./job-row-part.ts";
import { clearLeadsPart, leadPart, type NewLead } from "./lead.ts";
import { type Part, runTogether } from "./part.ts";
import { notePart } from "./source-note.ts";
import { taskResultPart } from "./task-result.ts";

/** A job that is held by a transaction, with the time at which that was. */
export interface HeldJob {
  readonly stored: StoredJob;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly now: number;
}

/** A job as it stands after a change, with the events of the change. */
export interface Written {
  readonly stored: StoredJob;
  /** The events as they were stored. */
  readEvents(): readonly JobEvent[];
}

/** Something that belongs to the job with this key. */
export type OfJob<T> = T & { readonly ordinal: number };

/** What one transaction writes, of any number of jobs. */
export interface WriteSet {
  /** Takes what is to be written of a job that is held. Each job once. */
  add(held: HeldJob, change: JobChange): Written;
  /** Writes all of it. */
  write(session: Session): Promise<void>;
}

/**
 * A {@link WriteSet}: rows are gathered by table, and go to the database in one statement, whose text depends on nothing
 * but which tables it is about.
 */
export function createWriteSet(): WriteSet {
  const events: OfJob<NewEvent>[] = [];
  const results: OfJob<TaskResult & { readonly fetchedAt: number }>[] = [];
  const emptied: number[] = [];
  const leads: NewLead[] = [];
  const forgotten: number[] = [];
  const records: OfJob<AgentRecordChange>[] = [];
  const checkpoints: { readonly ordinal: number; readonly state: string }[] = [];
  const notes: (SourceNote & { readonly at: number })[] = [];
  const snapshots: { readonly ordinal: number; readonly snapshot: string }[] = [];
  const grown: { readonly ordinal: number; readonly lastSeq: number }[] = [];
  const changed: OfJob<{ readonly job: Job; readonly queuedAt: number | null }>[] = [];

  return {
    add({ stored, now }, change) {
      const { ordinal, revision, job: before } = stored;
      const { patch = {}, events: drafts = [], taskResults = [], leads: found = [] } = change;
      const appended = newEvents(drafts, before.lastSeq, now);
      const job = patchJob(before, patch, before.lastSeq + drafts.length);
      for (const event of appended) events.push({ ordinal, ...event });
      for (const result of taskResults) results.push({ fetchedAt: now, ...result, ordinal });
      if (change.clearLeads === true) emptied.push(ordinal);
      for (const lead of found) leads.push({ ordinal, lead, text: JSON.stringify(lead) });
      if (change.checkpoint === null) forgotten.push(ordinal);
      else {
        for (const record of lastRecords(change.records ?? [])) records.push({ ordinal, ...record });
        if (change.checkpoint !== undefined) checkpoints.push({ ordinal, state: change.checkpoint });
      }
      for (const note of change.notes ?? []) notes.push({ ...note, at: now });
      if (patch.snapshot !== undefined) snapshots.push({ ordinal, snapshot: JSON.stringify(job.snapshot) });
      // Most changes only append; a row whose indexed columns stay is written without touching the indexes.
      if (hasOnlyGrown(before, job)) grown.push({ ordinal, lastSeq: job.lastSeq });
      else {
        const isQueued = job.status === "queued" && before.status !== "queued";
        changed.push({ ordinal, job, queuedAt: isQueued ? now : null });
      }
      return {
        stored: { ordinal, revision: revision + 1, job },
        readEvents: () => storedEvents(job.id, appended),
      };
    },

    async write(session) {
      const taken = records.filter(({ value }) => value === null);
      const kept = records.filter(({ value }) => value !== null);
      const parts: readonly Part[] = [
        ...some(events, eventPart),
        ...some(results, taskResultPart),
        ...some(emptied, clearLeadsPart),
        ...some(leads, leadPart),
        ...(forgotten.length > 0 ? forgetParts(forgotten) : []),
        ...some(taken, takenRecordPart),
        ...some(kept, keptRecordPart),
        ...some(checkpoints, checkpointPart),
        ...some(notes, notePart),
        ...some(snapshots, snapshotPart),
        ...some(grown, grownJobPart),
        ...some(changed, changedJobPart),
      ];
      await runTogether(session, parts);
    },
  };
}

function some<T>(rows: readonly T[], part: (rows: readonly T[]) => Part): readonly Part[] {
  return rows.length === 0 ? [] : [part(rows)];
}
