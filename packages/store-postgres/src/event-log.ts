import { type EventDraft, eventVersion, type JobEvent } from "@cmo/engine";
import { numberOf, parseStored, textOf } from "@cmo/store-sql";
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

/** Events as they come into a log after `lastSeq`, at a time in milliseconds since the epoch. */
export function newEvents(drafts: readonly EventDraft[], lastSeq: number, at: number): readonly NewEvent[] {
  return drafts.map(({ type, data }, index) => ({
    seq: lastSeq + index + 1,
    at,
    type,
    data: JSON.stringify(data),
  }));
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
  return events.map(({ seq, at, type, data }) => ({
    v: eventVersion,
    jobId,
    seq,
    at: new Date(at).toISOString(),
    type,
    data: parseStored(data),
  }));
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
  return rows.map(([v, seq, at, type, data]) => ({
    v: numberOf(v),
    jobId,
    seq: numberOf(seq),
    at: new Date(numberOf(at)).toISOString(),
    type: textOf(type),
    data: parseStored(textOf(data)),
  }));
}

const selectEvents = `SELECT v, seq, at, type, data FROM @.event
  WHERE job = (SELECT ordinal FROM @.job WHERE id = $1) AND seq > $2 ORDER BY seq LIMIT $3`;
