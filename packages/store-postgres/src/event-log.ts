import { type EventDraft, eventVersion, type JobEvent } from "@cmo/engine";
import { numberOf, parseStored, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";

/** Where the events of one change go. */
export interface AppendPlace {
  readonly ordinal: number;
  readonly jobId: string;
  /** The seq of the last event that is there. */
  readonly lastSeq: number;
  /** The time that the events get, in milliseconds since the epoch. */
  readonly now: number;
}

/** Appends events to the log of a job that is held; gives what reads them as they were stored. */
export async function appendEvents(
  session: Session,
  { ordinal, jobId, lastSeq, now }: AppendPlace,
  drafts: readonly EventDraft[],
): Promise<() => readonly JobEvent[]> {
  const stored = drafts.map(({ type, data }, index) => ({
    seq: lastSeq + index + 1,
    type,
    data: JSON.stringify(data),
  }));
  if (stored.length > 0) {
    await session.run(insertEvents, [
      ordinal,
      lastSeq,
      now,
      eventVersion,
      stored.map(({ type }) => type),
      stored.map(({ data }) => data),
    ]);
  }
  const at = new Date(now).toISOString();
  return () =>
    stored.map(({ seq, type, data }) => ({
      v: eventVersion,
      jobId,
      seq,
      at,
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

const insertEvents = `INSERT INTO @.event (job, seq, at, v, type, data)
  SELECT $1::bigint, $2::bigint + place, $3::bigint, $4::integer, type, data
  FROM unnest($5::text[], $6::text[]) WITH ORDINALITY AS given (type, data, place)`;
const selectEvents = `SELECT v, seq, at, type, data FROM @.event
  WHERE job = (SELECT ordinal FROM @.job WHERE id = $1) AND seq > $2 ORDER BY seq LIMIT $3`;
