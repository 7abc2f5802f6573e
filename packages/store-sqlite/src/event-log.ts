import { type EventDraft, eventVersion, type JobEvent } from "@cmo/engine";
import { eventColumns, readEventRow, writtenEvent } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** Where the events of one change go. */
export interface AppendPlace {
  readonly ordinal: number;
  readonly jobId: string;
  /** The seq of the last event that is there. */
  readonly lastSeq: number;
  /** The time that the events get. */
  readonly now: number;
}

/** The logs of jobs. Everything here happens inside a transaction of the caller. */
export interface EventLog {
  /** Appends events; gives what reads them as they were stored. */
  append(place: AppendPlace, drafts: readonly EventDraft[]): () => readonly JobEvent[];
  /** Events with a greater seq than `after`, in order. */
  page(ordinal: number, jobId: string, after: number, limit: number): readonly JobEvent[];
}

/** An {@link EventLog}. */
export function createEventLog(connection: Connection): EventLog {
  return {
    append({ ordinal, jobId, lastSeq, now }, drafts) {
      const stored = drafts.map((draft, index) => ({
        seq: lastSeq + index + 1,
        type: draft.type,
        data: JSON.stringify(draft.data),
      }));
      connection.insert(
        "INSERT INTO event (job, seq, at, v, type, data)",
        stored.map(({ seq, type, data }) => [ordinal, seq, now, eventVersion, type, data]),
      );
      return () => stored.map((event) => writtenEvent(jobId, { ...event, at: now }));
    },

    page(ordinal, jobId, after, limit) {
      return connection.all(selectPage, [ordinal, after, limit]).map((row) => readEventRow(jobId, row));
    },
  };
}

const selectPage = `SELECT ${eventColumns} FROM event WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?`;
