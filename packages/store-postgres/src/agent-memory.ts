import type { AgentRecord, AgentRecordChange } from "@cmo/engine";
import { nullable, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** Applies changes in their order. */
export function recordParts(ordinal: number, changes: readonly AgentRecordChange[]): readonly Part[] {
  // Of several changes to one entry the last counts.
  const last = [
    ...new Map(changes.map((change) => [JSON.stringify([change.collection, change.key]), change])).values(),
  ];
  const gone = last.filter(({ value }) => value === null);
  const kept = last.filter(({ value }) => value !== null);
  const parts: Part[] = [];
  if (gone.length > 0) {
    parts.push(
      (value) => `DELETE FROM @.agent_record
        USING unnest(${value(gone.map(({ collection }) => collection))}::text[],
          ${value(gone.map(({ key }) => key))}::text[]) AS gone (collection, key)
        WHERE agent_record.job = ${value(ordinal)} AND agent_record.collection = gone.collection
          AND agent_record.key = gone.key`,
    );
  }
  if (kept.length > 0) {
    parts.push(
      (value) => `INSERT INTO @.agent_record (job, collection, key, value)
        SELECT ${value(ordinal)}::bigint, * FROM unnest(${value(kept.map(({ collection }) => collection))}::text[],
          ${value(kept.map(({ key }) => key))}::text[], ${value(kept.map((change) => change.value))}::text[])
        ON CONFLICT (job, collection, key) DO UPDATE SET value = excluded.value`,
    );
  }
  return parts;
}

/** Puts a checkpoint in the place of the last one. */
export function checkpointPart(ordinal: number, state: string): Part {
  return (value) => `INSERT INTO @.checkpoint (job, state) VALUES (${value(ordinal)}, ${value(state)})
    ON CONFLICT (job) DO UPDATE SET state = excluded.state`;
}

/** Drops the checkpoint and all records that are there. */
export function forgetParts(ordinal: number): readonly Part[] {
  return ["checkpoint", "agent_record"].map(
    (table) => (value) => `DELETE FROM @.${table} WHERE job = ${value(ordinal)}`,
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
