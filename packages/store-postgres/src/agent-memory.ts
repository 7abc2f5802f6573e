import type { AgentRecord, AgentRecordChange } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";

/** Applies changes in their order. */
export async function writeRecords(
  session: Session,
  ordinal: number,
  changes: readonly AgentRecordChange[],
): Promise<void> {
  // Of several changes to one entry the last counts.
  const last = [
    ...new Map(changes.map((change) => [JSON.stringify([change.collection, change.key]), change])).values(),
  ];
  const gone = last.filter(({ value }) => value === null);
  const kept = last.filter(({ value }) => value !== null);
  if (gone.length > 0) {
    await session.run(deleteRecords, [
      ordinal,
      gone.map(({ collection }) => collection),
      gone.map(({ key }) => key),
    ]);
  }
  if (kept.length > 0) {
    await session.run(insertRecords, [
      ordinal,
      kept.map(({ collection }) => collection),
      kept.map(({ key }) => key),
      kept.map(({ value }) => value),
    ]);
  }
}

/** Puts a checkpoint in the place of the last one; null drops it and all records. */
export async function writeCheckpoint(
  session: Session,
  ordinal: number,
  state: string | null,
): Promise<void> {
  if (state !== null) {
    await session.run(putCheckpoint, [ordinal, state]);
    return;
  }
  await session.run("DELETE FROM @.checkpoint WHERE job = $1", [ordinal]);
  await session.run("DELETE FROM @.agent_record WHERE job = $1", [ordinal]);
}

/** The last checkpoint, or null. */
export async function selectCheckpoint(session: Session, ordinal: number): Promise<string | null> {
  const row = await session.first("SELECT state FROM @.checkpoint WHERE job = $1", [ordinal]);
  return row === null ? null : textOf(row[0]);
}

/** The entries under these keys. */
export async function selectRecords(
  session: Session,
  ordinal: number,
  collection: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await session.all(
    "SELECT key, value FROM @.agent_record WHERE job = $1 AND collection = $2 AND key = ANY($3::text[])",
    [ordinal, collection, keys],
  );
  return new Map(rows.map(([key, value]) => [textOf(key), textOf(value)]));
}

/** Entries after a key, by the bytes of their UTF-8: the order of their code points. */
export async function scanRecords(
  session: Session,
  ordinal: number,
  collection: string,
  after: string | null,
  limit: number,
): Promise<readonly AgentRecord[]> {
  const rows = await session.all(
    `SELECT key, value FROM @.agent_record WHERE job = $1 AND collection = $2
      ${after === null ? "" : "AND key > $4"} ORDER BY key LIMIT $3`,
    [ordinal, collection, limit, ...(after === null ? [] : [after])],
  );
  return rows.map(([key, value]) => ({ key: textOf(key), value: textOf(value) }));
}

const deleteRecords = `DELETE FROM @.agent_record USING unnest($2::text[], $3::text[]) AS gone (collection, key)
  WHERE agent_record.job = $1 AND agent_record.collection = gone.collection AND agent_record.key = gone.key`;
const insertRecords = `INSERT INTO @.agent_record (job, collection, key, value)
  SELECT $1::bigint, * FROM unnest($2::text[], $3::text[], $4::text[])
  ON CONFLICT (job, collection, key) DO UPDATE SET value = excluded.value`;
const putCheckpoint = `INSERT INTO @.checkpoint (job, state) VALUES ($1, $2)
  ON CONFLICT (job) DO UPDATE SET state = excluded.state`;
