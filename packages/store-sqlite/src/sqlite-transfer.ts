import type { Clock, JobPart, Lead, StorePart, StoreTransfer, TransferRow } from "@cmo/engine";
import {
  arrivedJob,
  type ColumnValue,
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
  nullable,
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
import { createErasureLedger } from "./erasure-ledger.ts";
import { insertLeadTexts } from "./lead.ts";
import { type DatabasePlace, openDatabase } from "./open-database.ts";

/** Which file, and whose time. */
export interface SqliteTransferOptions extends DatabasePlace {
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, "now">;
}

/** Opens the content of a store for a copy, beside whoever uses it. @throws CmoError as `createSqliteStore`. */
export async function openSqliteTransfer(options: SqliteTransferOptions): Promise<StoreTransfer> {
  const { clock = { now: () => Date.now() } } = options;
  const connection = await openDatabase(options, () => clock.now());
  const ledger = createErasureLedger(connection);

  function readKey(): string | null {
    const row = connection.first("SELECT value FROM setting WHERE name = 'suppression_key'");
    return row === null ? null : textOf(row[0]);
  }

  function countErased(): number {
    const row = connection.first(`SELECT count(*) FROM erasure WHERE scope IN ${erasingScopes}`);
    return numberOf(row?.[0]);
  }

  function revisionOf(jobId: string): number | null {
    const row = connection.first("SELECT revision FROM job WHERE id = ?", [jobId]);
    return row === null ? null : numberOf(row[0]);
  }

  function assertBegun(place: number): void {
    if (connection.first(selectBegun, [place, copyingPattern]) === null) throw copyGone();
  }

  function noteErased({ scope, at }: { scope: ColumnValue; at: ColumnValue }): void {
    // Done: what was erased there has never stood in the files of this store.
    connection.run(
      `INSERT INTO erasure (scope, at, state, mark) SELECT ?, ?, 'done', 0
        WHERE NOT EXISTS (SELECT 1 FROM erasure WHERE scope = ? AND at = ?)`,
      [scope, at, scope, at],
    );
  }

  return {
    readSuppressionKey: () => connection.read(readKey),
    async adoptSuppressionKey(key) {
      await connection.write(() => {
        const own = readKey();
        if (own === key) return;
        if (own !== null && connection.first(selectMadeWithKey) !== null) throw otherKey();
        connection.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('suppression_key', ?)", [key]);
      });
    },

    heads: (after, limit) =>
      connection.read(() => connection.all(selectHeads, [after, copyingPattern, limit]).map(readHead)),
    head: (jobId) =>
      connection.read(() => {
        const row = connection.first(`SELECT ${headColumns} FROM job WHERE id = ?`, [jobId]);
        return row === null ? null : readHead(row);
      }),
    job: (jobId) =>
      connection.read(() => {
        const row = connection.first(selectJob, [jobId]);
        return row === null ? null : readTransferJob(row);
      }),
    marks: (jobId) =>
      connection.read(() => {
        const [moved = null] = connection.first(selectShared, [movedName(jobId)]) ?? [];
        const copied = connection.first(selectShared, [copiedName(jobId)]);
        return { moved: nullable(moved, textOf), copied: copied !== null };
      }),
    count(part: JobPart | StorePart, place: number | null = null) {
      const { from, values } = selection(part, place);
      return connection.read(() => numberOf(connection.first(`SELECT count(*) ${from}`, values)?.[0]));
    },
    async read(part, place, after) {
      const { columns, key, pageSize } = transferTables[part];
      const { from, values } = selection(part, place);
      const keys = key.map(({ name }) => name).join(", ");
      const behind = after === null ? "" : ` AND (${keys}) > (${after.map(() => "?").join(", ")})`;
      const rows = await connection.read(() =>
        connection.all(
          `SELECT ${[...columns, ...key].map(({ name }) => name).join(", ")} ${from}${behind}
            ORDER BY ${keys} LIMIT ?`,
          [...values, ...(after ?? []), pageSize],
        ),
      );
      const last = rows.length < pageSize ? undefined : rows.at(-1);
      return {
        rows: rows.map((row) => transferRow(row.slice(0, columns.length))),
        next: last === undefined ? null : transferRow(last.slice(columns.length)),
      };
    },

    async merge(part, rows, erased) {
      const { table, columns, conflict } = transferTables[part];
      await connection.write(() => {
        if (countErased() !== erased) throw erasedMeanwhile();
        if (part === "erasure") {
          for (const [scope = null, at = null] of rows) noteErased({ scope, at });
          return;
        }
        connection.insert(insertInto(table, columns), rows, conflict);
      });
    },

    begin(job) {
      const begun = unfinishedCopy(job);
      return connection.write(() => {
        remove("id = ?", [begun.id]);
        connection.run(insertJob, [begun.id, ...movedValues(begun)]);
        const place = numberOf(connection.first("SELECT ordinal FROM job WHERE id = ?", [begun.id])?.[0]);
        connection.run("INSERT INTO job_spec (job, spec, config_text) VALUES (?, ?, ?)", [
          place,
          begun.spec,
          begun.configText,
        ]);
        connection.run("INSERT INTO job_snapshot (job, snapshot) VALUES (?, ?)", [place, begun.snapshot]);
        return place;
      });
    },
    async add(place, part, rows) {
      const { table, columns } = transferTables[part];
      await connection.write(() => {
        assertBegun(place);
        if (part === "lead") {
          insertLeadTexts(connection, place, rows.map(leadOf));
          return;
        }
        connection.insert(
          insertInto(table, [{ name: "job" }, ...columns]),
          rows.map((row) => [place, ...row]),
        );
      });
    },
    async finish(place, job, { queued, erased }) {
      await connection.write(() => {
        assertBegun(place);
        if (countErased() !== erased) throw erasedMeanwhile();
        if (revisionOf(job.id) !== null) throw idTaken(job.id);
        const now = clock.now();
        const arrived = arrivedJob(job, queued ? now : null);
        connection.run(updateJob, [job.id, ...movedValues(arrived), place]);
        connection.run("UPDATE job_spec SET spec = ? WHERE job = ?", [job.spec, place]);
        connection.run("INSERT OR REPLACE INTO shared (name, value) VALUES (?, ?)", [
          copiedName(job.id),
          `${now}`,
        ]);
        connection.run("DELETE FROM shared WHERE name = ?", [movedName(job.id)]);
      });
    },
    async drop(place) {
      await connection.write(() =>
        place === null
          ? remove("id LIKE ? AND tenant = ?", [copyingPattern, copyingTenant])
          : remove("ordinal = ? AND id LIKE ?", [place, copyingPattern]),
      );
    },
    seal(job, moved) {
      return connection.write(() => {
        if (revisionOf(job.id) !== job.revision) return false;
        if (moved !== null) {
          connection.run("INSERT OR REPLACE INTO shared (name, value) VALUES (?, ?)", [
            movedName(job.id),
            moved,
          ]);
        }
        // It may come back from where it goes.
        connection.run("DELETE FROM shared WHERE name = ?", [copiedName(job.id)]);
        return true;
      });
    },
    countErased: () => connection.read(countErased),
    async close() {
      connection.close();
    },
  };

  /** Takes jobs out with what is of them; the bytes go with the next erase that is finished. */
  function remove(where: string, values: readonly ColumnValue[]): void {
    if (connection.first(`SELECT 1 FROM job WHERE ${where}`, values) === null) return;
    connection.run(`DELETE FROM job WHERE ${where}`, values);
    ledger.noteTraces();
  }
}

function selection(part: JobPart | StorePart, place: number | null) {
  const { table, ofJob, where } = transferTables[part];
  return {
    from: `FROM ${table} WHERE ${ofJob ? "job = ?" : "true"}${where === null ? "" : ` AND ${where}`}`,
    values: ofJob ? [place] : [],
  };
}

function insertInto(table: string, columns: readonly { readonly name: string }[]): string {
  return `INSERT INTO ${table} (${columns.map(({ name }) => name).join(", ")})`;
}

function leadOf([value]: TransferRow) {
  const text = textOf(value);
  return { lead: parseStored<Lead>(text), text };
}

const selectBegun = "SELECT 1 FROM job WHERE ordinal = ? AND id LIKE ?";
const selectMadeWithKey = "SELECT 1 FROM job UNION ALL SELECT 1 FROM suppressed LIMIT 1";
const selectShared = "SELECT value FROM shared WHERE name = ?";
const selectHeads = `SELECT ${headColumns} FROM job WHERE ordinal > ? AND id NOT LIKE ? ORDER BY ordinal LIMIT ?`;
const selectJob = `SELECT ${transferJobColumns} FROM job JOIN job_spec ON job_spec.job = ordinal
  JOIN job_snapshot ON job_snapshot.job = ordinal WHERE id = ?`;
const insertJob = `INSERT INTO job (revision, id, ${movedColumns.join(", ")})
  VALUES (1, ?, ${movedColumns.map(() => "?").join(", ")})`;
const updateJob = `UPDATE job SET revision = revision + 1, id = ?,
  ${movedColumns.map((column) => `${column} = ?`).join(", ")} WHERE ordinal = ?`;
