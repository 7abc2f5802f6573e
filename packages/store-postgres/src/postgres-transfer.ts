import type { Clock, JobPart, JobSpec, Lead, StorePart, StoreTransfer, TransferRow } from "@cmo/engine";
import {
  arrivedJob,
  copiedName,
  copyGone,
  copyingPattern,
  copyingTenant,
  erasedMeanwhile,
  erasingScopes,
  headColumns,
  idTaken,
  movedColumns,
  movedName,
  movedValues,
  numberOf,
  otherKey,
  parseStored,
  readHead,
  readTransferJob,
  textOf,
  transferJobColumns,
  transferRow,
  transferTables,
  unfinishedCopy,
} from "@cmo/store-sql";
import { openDatabase, type Session, type Value } from "./database.ts";
import { oneErase } from "./erasure.ts";
import { leadPart } from "./lead.ts";
import { migrate } from "./migration/migrate.ts";
import { newsChannel } from "./news.ts";
import { runTogether } from "./part.ts";
import { createStoreClock, nowSql } from "./store-clock.ts";

/** Which database, and whose time. */
export interface PostgresTransferOptions {
  /** `postgres://user:password@host:port/name`. */
  readonly url: string;
  /** Whose tables. Default `cmo`. */
  readonly schema?: string;
  /** Default: the database's. */
  readonly clock?: Pick<Clock, "now">;
}

/** Opens the content of a store for a copy, beside whoever uses it. @throws CmoError as `createPostgresStore`. */
export async function openPostgresTransfer(options: PostgresTransferOptions): Promise<StoreTransfer> {
  const { url, schema = "cmo" } = options;
  const database = openDatabase({ url, connections: 2, schema, prepares: false });
  try {
    await migrate(database, { schema });
  } catch (error) {
    await database.close();
    throw error;
  }
  const { single } = database;
  const clock = createStoreClock(options.clock ?? null);

  return {
    readSuppressionKey: () => readKey(single),
    async adoptSuppressionKey(key) {
      await database.write(async (session) => {
        const own = await readKey(session);
        if (own === key) return;
        if (own !== null && (await session.first(selectMadeWithKey)) !== null) throw otherKey();
        await session.run(
          `INSERT INTO @.setting (name, value) VALUES ('suppression_key', $1)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
          [key],
        );
      }, oneErase);
    },

    heads: async (after, limit) =>
      (await single.all(selectHeads, [after, copyingPattern, limit])).map(readHead),
    async head(jobId) {
      const row = await single.first(`SELECT ${headColumns} FROM @.job WHERE id = $1`, [jobId]);
      return row === null ? null : readHead(row);
    },
    async job(jobId) {
      const row = await single.first(selectJob, [jobId]);
      return row === null ? null : readTransferJob(row);
    },
    async marks(jobId) {
      const names = [movedName(jobId), copiedName(jobId)];
      const rows = await single.all(
        "SELECT name, value FROM @.shared WHERE name = ANY($1::text[]) AND value IS NOT NULL",
        [names],
      );
      const found = new Map(rows.map(([name, value]) => [name, textOf(value)]));
      return { moved: found.get(names[0]) ?? null, copied: found.has(names[1]) };
    },
    async count(part: JobPart | StorePart, place: number | null = null) {
      const { from, values } = selection(part, place);
      return numberOf((await single.first(`SELECT count(*) ${from}`, values))?.[0]);
    },
    async read(part, place, after) {
      const { columns, key, pageSize } = transferTables[part];
      const { from, values } = selection(part, place);
      const keys = key.map(({ name }) => name).join(", ");
      const marks = (after ?? []).map((value, index) => `$${values.push(value)}::${key[index]?.type}`);
      const behind = after === null ? "" : ` AND (${keys}) > (${marks.join(", ")})`;
      const rows = await single.all(
        `SELECT ${[...columns, ...key].map(({ name }) => name).join(", ")} ${from}${behind}
          ORDER BY ${keys} LIMIT $${values.push(pageSize)}`,
        values,
      );
      const last = rows.length < pageSize ? undefined : rows.at(-1);
      return {
        rows: rows.map((row) => transferRow(row.slice(0, columns.length))),
        next: last === undefined ? null : transferRow(last.slice(columns.length)),
      };
    },

    async merge(part, rows, erased) {
      await database.write(async (session) => {
        if ((await countErased(session)) !== erased) throw erasedMeanwhile();
        if (part === "erasure") await session.run(insertErasures, columnsOf(part, rows));
        else await insertRows(session, part, rows, null);
      }, oneErase);
    },

    begin(job) {
      const begun = unfinishedCopy(job);
      return database.write(async (session) => {
        await remove(session, "id = $1", [begun.id]);
        const row = await session.first(insertJob, [begun.id, ...movedValues(begun)]);
        const place = numberOf(row?.[0]);
        await session.run("INSERT INTO @.job_spec (job, spec, source, config_text) VALUES ($1, $2, $3, $4)", [
          place,
          begun.spec,
          parseStored<JobSpec>(begun.spec).source.type,
          begun.configText,
        ]);
        await session.run("INSERT INTO @.job_snapshot (job, snapshot) VALUES ($1, $2)", [
          place,
          begun.snapshot,
        ]);
        return place;
      });
    },
    async add(place, part, rows) {
      await database.write(async (session) => {
        // Whoever takes the job out waits until the rows are in, so that none is left behind.
        if ((await session.first(`${selectBegun} FOR KEY SHARE`, [place, copyingPattern])) === null) {
          throw copyGone();
        }
        if (part === "lead")
          await runTogether(
            session,
            rows.length === 0 ? [] : [leadPart(rows.map((row) => leadOf(place, row)))],
          );
        else await insertRows(session, part, rows, place);
      });
    },
    async finish(place, job, { queued, erased }) {
      await database.write(async (session) => {
        // An erase that is under way has seen some of the rows, and not others: it is waited for, and then noticed.
        if ((await session.first(`${selectBegun} FOR UPDATE`, [place, copyingPattern])) === null) {
          throw copyGone();
        }
        if ((await countErased(session)) !== erased) throw erasedMeanwhile();
        if ((await session.first("SELECT 1 FROM @.job WHERE id = $1", [job.id])) !== null) {
          throw idTaken(job.id);
        }
        const now = numberOf((await session.first(`SELECT ${nowSql(1)}`, [clock.value()]))?.[0]);
        const arrived = arrivedJob(job, queued ? now : null);
        await session.run(updateJob, [place, job.id, ...movedValues(arrived)]);
        await session.run("UPDATE @.job_spec SET spec = $2 WHERE job = $1", [place, job.spec]);
        await session.run(putShared, [copiedName(job.id), `${now}`]);
        await session.run("DELETE FROM @.shared WHERE name = $1", [movedName(job.id)]);
        await session.first("SELECT pg_notify($1, $2)", [newsChannel(schema), job.id]);
      }, oneErase);
    },
    async drop(place) {
      await database.write((session) =>
        place === null
          ? remove(session, "id LIKE $1 AND tenant = $2", [copyingPattern, copyingTenant])
          : remove(session, "ordinal = $1 AND id LIKE $2", [place, copyingPattern]),
      );
    },
    seal(job, moved) {
      return database.write(async (session) => {
        const row = await session.first("SELECT revision FROM @.job WHERE id = $1 FOR UPDATE", [job.id]);
        if (row === null || numberOf(row[0]) !== job.revision) return false;
        if (moved !== null) await session.run(putShared, [movedName(job.id), moved]);
        // It may come back from where it goes.
        await session.run("DELETE FROM @.shared WHERE name = $1", [copiedName(job.id)]);
        return true;
      });
    },
    countErased: () => countErased(single),
    close: () => database.close(),
  };
}

async function readKey(session: Session): Promise<string | null> {
  const row = await session.first("SELECT value FROM @.setting WHERE name = 'suppression_key'");
  return row === null ? null : textOf(row[0]);
}

async function countErased(session: Session): Promise<number> {
  const row = await session.first(`SELECT count(*) FROM @.erasure WHERE scope IN ${erasingScopes}`);
  return numberOf(row?.[0]);
}

async function insertRows(
  session: Session,
  part: JobPart | StorePart,
  rows: readonly TransferRow[],
  place: number | null,
): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns, conflict } = transferTables[part];
  const names = columns.map(({ name }) => name).join(", ");
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(", ");
  const given = `SELECT * FROM unnest(${arrays}) AS given (${names})`;
  const values: Value[] = columnsOf(part, rows);
  await session.run(
    place === null
      ? `INSERT INTO @.${table} (${names}) ${given} ${conflict}`
      : `INSERT INTO @.${table} (job, ${names}) SELECT $${values.push(place)}::bigint, given.* FROM (${given}) AS given`,
    values,
  );
}

function columnsOf(part: JobPart | StorePart, rows: readonly TransferRow[]): Value[] {
  return transferTables[part].columns.map((_column, index) => rows.map((row) => row[index] ?? null));
}

async function remove(session: Session, where: string, values: readonly Value[]): Promise<void> {
  const rows = await session.all(`SELECT ordinal FROM @.job WHERE ${where} FOR UPDATE`, values);
  const places = rows.map(([place]) => numberOf(place));
  if (places.length === 0) return;
  await session.run("DELETE FROM @.event WHERE job = ANY($1)", [places]);
  await session.run("DELETE FROM @.job WHERE ordinal = ANY($1)", [places]);
}

function selection(part: JobPart | StorePart, place: number | null) {
  const { table, ofJob, where } = transferTables[part];
  const values: Value[] = ofJob ? [place] : [];
  return {
    from: `FROM @.${table} WHERE ${ofJob ? "job = $1" : "true"}${where === null ? "" : ` AND ${where}`}`,
    values,
  };
}

function leadOf(ordinal: number, [value]: TransferRow) {
  const text = textOf(value);
  return { ordinal, lead: parseStored<Lead>(text), text };
}

const selectBegun = "SELECT 1 FROM @.job WHERE ordinal = $1 AND id LIKE $2";
const selectMadeWithKey = "SELECT 1 FROM @.job UNION ALL SELECT 1 FROM @.suppressed LIMIT 1";
const selectHeads = `SELECT ${headColumns} FROM @.job WHERE ordinal > $1 AND id NOT LIKE $2 ORDER BY ordinal LIMIT $3`;
const selectJob = `SELECT ${transferJobColumns} FROM @.job JOIN @.job_spec ON job_spec.job = ordinal
  JOIN @.job_snapshot ON job_snapshot.job = ordinal WHERE id = $1`;
const insertJob = `INSERT INTO @.job (revision, id, ${movedColumns.join(", ")})
  VALUES (1, $1, ${movedColumns.map((_column, index) => `$${index + 2}`).join(", ")}) RETURNING ordinal`;
const updateJob = `UPDATE @.job SET revision = revision + 1, id = $2,
  ${movedColumns.map((column, index) => `${column} = $${index + 3}`).join(", ")} WHERE ordinal = $1`;
const putShared = `INSERT INTO @.shared (name, value) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
/** Done: what was erased there has never stood in the files of this store. */
const insertErasures = `INSERT INTO @.erasure (scope, at, state)
  SELECT scope, at, 'done' FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS given (scope, at, place)
  WHERE NOT EXISTS (SELECT 1 FROM @.erasure AS known WHERE known.scope = given.scope AND known.at = given.at)
  ORDER BY place`;
