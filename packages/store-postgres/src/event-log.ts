import { eventVersion, type JobEvent } from "@cmo/engine";
import { eventColumns, readEventRow, writtenEvent } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** An event on its way into a log. */
export interface NewEvent {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: string;
  /** JSON text. */
  readonly data: string;
}

/** Puts events into the logs of their jobs. */
export function eventPart(events: readonly (NewEvent & { readonly ordinal: number })[]): Part {
  return (value) => `INSERT INTO @.event (job, seq, at, v, type, data)
    SELECT job, seq, at, ${eventVersion}, type, data
    FROM unnest(${value(events.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(events.map(({ seq }) => seq))}::bigint[], ${value(events.map(({ at }) => at))}::bigint[],
      ${value(events.map(({ type }) => type))}::text[], ${value(events.map(({ data }) => data))}::text[])
      AS given (job, seq, at, type, data)`;
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
  const rows = await session.all(selectEvents, [jobId, after, limit]);
  if (rows.length === 0) {
    const isThere = await session.first("SELECT 1 FROM @.job WHERE id = $1", [jobId]);
    if (isThere === null) return null;
  }
  return rows.map((row) => readEventRow(jobId, row));
}

const selectEvents = `SELECT ${eventColumns} FROM @.event
  WHERE job = (SELECT ordinal FROM @.job WHERE id = $1) AND seq > $2 ORDER BY seq LIMIT $3`;
