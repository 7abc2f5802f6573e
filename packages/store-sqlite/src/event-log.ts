import { eventVersion, type JobChange, type JobEvent, type LogRow } from "@cmo/engine";
import { eventColumns, nullable, numberOf, readEventRow, textOf, writtenEvent } from "@cmo/store-sql";
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
  append(
    place: AppendPlace,
    change: Pick<JobChange, "events" | "link" | "dataTexts">,
  ): () => readonly JobEvent[];
  /** Events with a greater seq than `after`, in order. */
  page(ordinal: number, jobId: string, after: number, limit: number): readonly JobEvent[];
  /** The same as rows. */
  rows(ordinal: number, after: number, limit: number): readonly LogRow[];
}

/** An {@link EventLog}. */
export function createEventLog(connection: Connection): EventLog {
  return {
    append({ ordinal, jobId, lastSeq, now }, { events = [], link, dataTexts = [] }) {
      const stored = events.map((draft, index) => ({
        seq: lastSeq + index + 1,
        type: draft.type,
        data: dataTexts[index] ?? JSON.stringify(draft.data),
      }));
      const rows = stored.map(({ seq, type, data }) => [ordinal, seq, now, eventVersion, type, data]);
      // One more value in each of a hundred rows costs more than a statement of its own for the one that has a link.
      const linked = link === undefined ? -1 : link.seq - lastSeq - 1;
      const row = rows[linked];
      if (link === undefined || row === undefined) connection.insert(insertEvents, rows);
      else {
        connection.insert(insertEvents, rows.slice(0, linked));
        connection.run(insertLinked, [...row, link.link]);
        connection.insert(insertEvents, rows.slice(linked + 1));
      }
      return () => stored.map((event) => writtenEvent(jobId, { ...event, at: now }));
    },

    page(ordinal, jobId, after, limit) {
      return connection.all(selectPage, [ordinal, after, limit]).map((row) => readEventRow(jobId, row));
    },

    rows(ordinal, after, limit) {
      return connection.all(selectRows, [ordinal, after, limit]).map(([v, seq, at, type, data, link]) => ({
        v: numberOf(v),
        seq: numberOf(seq),
        at: numberOf(at),
        type: textOf(type),
        data: textOf(data),
        link: nullable(link, textOf),
      }));
    },
  };
}

const insertEvents = "INSERT INTO event (job, seq, at, v, type, data)";
const insertLinked = "INSERT INTO event (job, seq, at, v, type, data, link) VALUES (?, ?, ?, ?, ?, ?, ?)";

const selectPage = `SELECT ${eventColumns} FROM event WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?`;
const selectRows =
  "SELECT v, seq, at, type, data, link FROM event WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?";
