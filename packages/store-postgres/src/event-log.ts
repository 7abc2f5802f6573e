import { eventVersion, type JobChange, type JobEvent, type LogRow } from "@cmo/engine";
import {
  eventColumns,
  nullable,
  numberOf,
  type Row,
  readEventRow,
  textOf,
  writtenEvent,
} from "@cmo/store-sql";
import type { Session, Value } from "./database.ts";
import type { Part } from "./part.ts";

/** An event on its way into a log. */
export interface NewEvent {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: string;
  /** JSON text. */
  readonly data: string;
  /** What is kept with it; null for most. */
  readonly link: string | null;
}

/** Puts events into the logs of their jobs. */
export function eventPart(events: readonly (NewEvent & { readonly ordinal: number })[]): Part {
  return (value) => `INSERT INTO @.event (job, seq, at, v, type, data, link)
    SELECT job, seq, at, ${eventVersion}, type, data, link
    FROM unnest(${value(events.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(events.map(({ seq }) => seq))}::bigint[], ${value(events.map(({ at }) => at))}::bigint[],
      ${value(events.map(({ type }) => type))}::text[], ${value(events.map(({ data }) => data))}::text[],
      ${value(events.map(({ link }) => link))}::text[]) AS given (job, seq, at, type, data, link)`;
}

/** Events at the end of a log, on their way into it; `now` is the time that they get. */
export function newEvents(
  lastSeq: number,
  { events = [], link, dataTexts = [] }: Pick<JobChange, "events" | "link" | "dataTexts">,
  now: number,
): readonly NewEvent[] {
  return events.map(({ type, data }, index) => {
    const seq = lastSeq + index + 1;
    return {
      seq,
      at: now,
      type,
      data: dataTexts[index] ?? JSON.stringify(data),
      link: link?.seq === seq ? link.link : null,
    };
  });
}

/** Events as they were stored. */
export function storedEvents(jobId: string, events: readonly NewEvent[]): readonly JobEvent[] {
  return events.map((event) => writtenEvent(jobId, event));
}

/** Events with a greater seq than `after`, in order. Null when there is no such job. */
export async function readEvents(
  session: Session,
  jobId: string,
  after: number,
  limit: number,
): Promise<readonly JobEvent[] | null> {
  const rows = await logRows(session, selectEvents, [jobId, after, limit]);
  if (rows === null) return null;
  return rows.map((row) => readEventRow(jobId, row));
}

/** The same as rows. */
export async function readLogRows(
  session: Session,
  jobId: string,
  after: number,
  limit: number,
): Promise<readonly LogRow[] | null> {
  const rows = await logRows(session, selectLogRows, [jobId, after, limit]);
  if (rows === null) return null;
  return rows.map(([v, seq, at, type, data, link]) => ({
    v: numberOf(v),
    seq: numberOf(seq),
    at: numberOf(at),
    type: textOf(type),
    data: textOf(data),
    link: nullable(link, textOf),
  }));
}

async function logRows(
  session: Session,
  sql: string,
  values: readonly Value[],
): Promise<readonly Row[] | null> {
  const rows = await session.all(sql, values);
  if (rows.length > 0) return rows;
  const isThere = await session.first("SELECT 1 FROM @.job WHERE id = $1", values.slice(0, 1));
  return isThere === null ? null : rows;
}

const ofPage = `FROM @.event
  WHERE job = (SELECT ordinal FROM @.job WHERE id = $1) AND seq > $2 ORDER BY seq LIMIT $3`;
const selectEvents = `SELECT ${eventColumns} ${ofPage}`;
const selectLogRows = `SELECT v, seq, at, type, data, link ${ofPage}`;
