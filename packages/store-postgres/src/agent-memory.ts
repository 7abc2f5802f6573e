import type { AgentRecord, AgentRecordChange } from "@cmo/engine";
import { nullable, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** Of several changes to one entry, the last. */
export function lastRecords(changes: readonly AgentRecordChange[]): readonly AgentRecordChange[] {
  return [
    ...new Map(changes.map((change) => [JSON.stringify([change.collection, change.key]), change])).values(),
  ];
}

type RecordOfJob = AgentRecordChange & { readonly ordinal: number };

/** Takes entries out. */
export function takenRecordPart(records: readonly RecordOfJob[]): Part {
  return (
    value,
  ) => `DELETE FROM @.agent_record USING unnest(${keysOf(records, value)}) AS gone (job, collection, key)
    WHERE agent_record.job = gone.job AND agent_record.collection = gone.collection AND agent_record.key = gone.key`;
}

/** Puts entries in, each in the place of the one that is there. */
export function keptRecordPart(records: readonly RecordOfJob[]): Part {
  return (value) => `INSERT INTO @.agent_record (job, collection, key, value)
    SELECT * FROM unnest(${keysOf(records, value)}, ${value(records.map((record) => record.value))}::text[])
    ON CONFLICT (job, collection, key) DO UPDATE SET value = excluded.value`;
}

function keysOf(records: readonly RecordOfJob[], value: Parameters<Part>[0]): string {
  return `${value(records.map(({ ordinal }) => ordinal))}::bigint[],
    ${value(records.map(({ collection }) => collection))}::text[], ${value(records.map(({ key }) => key))}::text[]`;
}

/** Puts checkpoints in the place of the last ones. */
export function checkpointPart(rows: readonly { readonly ordinal: number; readonly state: string }[]): Part {
  return (value) => `INSERT INTO @.checkpoint (job, state)
    SELECT * FROM unnest(${value(rows.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(rows.map(({ state }) => state))}::text[])
    ON CONFLICT (job) DO UPDATE SET state = excluded.state`;
}

/** Drops the checkpoints and all records of these jobs that are there. */
export function forgetParts(ordinals: readonly number[]): readonly Part[] {
  return ["checkpoint", "agent_record"].map(
    (table) => (value) => `DELETE FROM @.${table} WHERE job = ANY(${value(ordinals)}::bigint[])`,
  );
}

/** The last checkpoint, or null; undefined when there is no such job. */
export async function selectCheckpoint(session: Session, jobId: string): Promise<string | null | undefined> {
  const row = await session.first(
    "SELECT state FROM @.job LEFT JOIN @.checkpoint ON checkpoint.job = ordinal WHERE id = $1",
    [jobId],
  );
  return row === null ? undefined : nullable(row[0], textOf);
}

/** The entries under these keys. */
export async function selectRecords(
  session: Session,
  jobId: string,
  collection: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.all(
    `SELECT key, value FROM @.agent_record WHERE job = ${ofJob} AND collection = $2 AND key = ANY($3::text[])`,
    [jobId, collection, keys],
  );
  return new Map(rows.map(([key, value]) => [textOf(key), textOf(value)]));
}

/** Entries after a key, by the bytes of their UTF-8: the order of their code points. */
export async function scanRecords(
  session: Session,
  jobId: string,
  collection: string,
  after: string | null,
  limit: number,
): Promise<readonly AgentRecord[]> {
  const rows = await session.all(
    `SELECT key, value FROM @.agent_record WHERE job = ${ofJob} AND collection = $2
      ${after === null ? "" : "AND key > $4"} ORDER BY key LIMIT $3`,
    [jobId, collection, limit, ...(after === null ? [] : [after])],
  );
  return rows.map(([key, value]) => ({ key: textOf(key), value: textOf(value) }));
}

/** The key of the job whose id is the first value. */
const ofJob = "(SELECT ordinal FROM @.job WHERE id = $1)";
