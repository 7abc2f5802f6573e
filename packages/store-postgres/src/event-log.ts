import { type EventDraft, eventVersion, type JobEvent } from "@cmo/engine";
import { numberOf, parseStored, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** Events on their way into a log: what goes into its columns, row by row. */
export interface EventColumns {
  readonly types: readonly string[];
  readonly texts: readonly string[];
}

/** Where the events of one change go. */
export interface AppendPlace {
  readonly jobId: string;
  /** The seq of the last event that is there. */
  readonly lastSeq: number;
  /** The time that the events get, in milliseconds since the epoch. */
  readonly now: number;
}

/** What goes into the columns of these events. */
export function eventColumns(drafts: readonly EventDraft[]): EventColumns {
  return {
    types: drafts.map(({ type }) => type),
    texts: drafts.map(({ data }) => JSON.stringify(data)),
  };
}

/** Puts events into the log of the job with this key. */
export function appendPart(ordinal: number, { lastSeq, now }: AppendPlace, events: EventColumns): Part {
  return (value) => `INSERT INTO @.event (job, seq, at, v, type, data)
    SELECT ${value(ordinal)}::bigint, ${value(lastSeq)}::bigint + place, ${value(now)}::bigint, ${eventVersion}, type, data
    FROM unnest(${value(events.types)}::text[], ${value(events.texts)}::text[]) WITH ORDINALITY AS given (type, data, place)`;
}

/** Events as they were stored there. */
export function appendedEvents(
  { jobId, lastSeq, now }: AppendPlace,
  { types, texts }: EventColumns,
): readonly JobEvent[] {
  const at = new Date(now).toISOString();
  return texts.map((text, index) => ({
    v: eventVersion,
    jobId,
    seq: lastSeq + index + 1,
    at,
    type: types[index] ?? "",
    data: parseStored(text),
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
