import { CmoError } from "@cmo/engine";
import type { ColumnValue, Row } from "@cmo/store-sql";
import Database from "libsql";
import { withPatience } from "./patience.ts";
import { isBusy, toStoreError } from "./store-error.ts";

/**
 * One connection to a database file. Statements are prepared once and kept: the driver frees a statement only when it
 * is collected. They are run inside of transactions, which alone can meet a lock. Every failure comes as a CmoError.
 */
export interface Connection {
  readonly path: string;
  /** All rows of a statement. */
  all(sql: string, values?: readonly ColumnValue[]): readonly Row[];
  /** The first row of a statement, or null. */
  first(sql: string, values?: readonly ColumnValue[]): Row | null;
  /** Runs a statement that gives no rows. */
  run(sql: string, values?: readonly ColumnValue[]): void;
  /** Runs statements without values, each once. */
  execute(sql: string): void;
  /** Puts rows in: `insertInto` is the statement up to `VALUES`, `conflict` what comes after it. */
  insert(insertInto: string, rows: readonly (readonly ColumnValue[])[], conflict?: string): void;
  /** Reads in one transaction: what `work` sees is of one moment. Gives up when somebody is in the way. */
  readNow<T>(work: () => T): T;
  /** As {@link Connection.readNow}, with patience. */
  read<T>(work: () => T): Promise<T>;
  /**
   * Writes in one transaction that no other process can enter; nothing is written when `work` throws. `work` may run
   * again. `committed` is called right after, before anything else can happen on this connection.
   */
  write<T>(work: () => T, committed?: (result: T) => void): Promise<T>;
  /**
   * Moves the write-ahead log into the database and empties its file, waiting `timeoutMs` for whoever reads or writes.
   * False when somebody was in the way for longer: then it is as if it had not been asked.
   */
  emptyLog(timeoutMs: number): boolean;
  /** Moves the log into the database where nobody is in the way, and closes. Calling it again does nothing. */
  close(): void;
}

/** How long SQLite itself waits for another process, on each try, by default. */
const defaultBusyTimeoutMs = 5_000;

/** How {@link openConnection} opens a file. */
export interface ConnectionOptions {
  readonly busyTimeoutMs?: number | undefined;
  /** Without it, nothing in the file can be read. Absent: it is not encrypted. */
  readonly encryptionKey?: string | undefined;
}

/** Opens a file that is there. @throws CmoError `store_unavailable`, and `store_corrupt` at the first use. */
export function openConnection(
  path: string,
  { busyTimeoutMs = defaultBusyTimeoutMs, encryptionKey }: ConnectionOptions = {},
): Connection {
  const encryption = encryptionKey === undefined ? {} : { encryptionCipher: "aes256cbc", encryptionKey };
  const database = guarded(() => new Database(path, { timeout: busyTimeoutMs, ...encryption }));
  const statements = new Map<string, Database.Statement<unknown[]>>();
  let closed = false;

  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, path);
    }
  }

  function prepare(sql: string): Database.Statement<unknown[]> {
    if (closed) throw closedError(path);
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    // Rows as arrays: without the names, and without the `_metadata` that the driver adds to objects.
    if (statement.reader) statement.raw();
    statements.set(sql, statement);
    return statement;
  }

  function run(sql: string, values: readonly ColumnValue[] = []): void {
    guarded(() => prepare(sql).run(values));
  }

  function execute(sql: string): void {
    if (closed) throw closedError(path);
    guarded(() => database.exec(sql));
  }

  /**
   * Only `begin` can meet a lock, and it is no statement that is kept: the driver leaves one that was refused half done,
   * and from then on no transaction of the connection could end.
   */
  function transaction<T>(begin: string, work: () => T): T {
    try {
      execute(begin);
      const result = work();
      execute("COMMIT");
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  function rollBack(): void {
    // Some failures, a full disk for one, have ended the transaction already.
    if (closed || !database.inTransaction) return;
    try {
      execute("ROLLBACK");
    } catch {
      // What made it necessary is thrown on and says more.
    }
  }

  /**
   * `TRUNCATE` waits for writers and for readers of what is not in the database yet, then makes the log's file empty
   * (https://sqlite.org/pragma.html#pragma_wal_checkpoint); its row is (busy, frames in the log, frames moved).
   */
  function emptyLog(timeoutMs: number): boolean {
    if (closed) throw closedError(path);
    return guarded(() => {
      database.exec(`PRAGMA busy_timeout = ${timeoutMs}`);
      try {
        // Prepared anew: a kept statement that was refused would stay half done.
        const row = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").raw().get([]);
        return Array.isArray(row) && row[0] === 0;
      } catch (error) {
        if (isBusy(toStoreError(error, path))) return false;
        throw error;
      } finally {
        database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      }
    });
  }

  return {
    path,
    run,
    all: (sql, values = []) => guarded(() => prepare(sql).all(values)) as readonly Row[],
    first: (sql, values = []) => (guarded(() => prepare(sql).get(values)) as Row | undefined) ?? null,
    execute,
    insert(insertInto, rows, conflict = "") {
      for (let start = 0; start < rows.length; ) {
        const size = blockSizes.find((block) => block <= rows.length - start) ?? 1;
        const block = rows.slice(start, start + size);
        run(insertStatement(insertInto, size, block[0]?.length ?? 0, conflict), block.flat());
        start += size;
      }
    },
    readNow: (work) => transaction(beginReading, work),
    read: (work) => withPatience(() => transaction(beginReading, work)),
    write: (work, committed) =>
      withPatience(() => {
        const result = transaction("BEGIN IMMEDIATE", work);
        committed?.(result);
        return result;
      }),
    emptyLog,
    close() {
      if (closed) return;
      try {
        // Whoever reads or writes at this moment will do it later: nobody waits for it here.
        emptyLog(0);
      } catch {
        // The log stays beside the database and is read with it by the next who opens it.
      }
      closed = true;
      statements.clear();
      database.close();
    },
  };
}

/** The first read takes the transaction's moment; none after it can meet a lock. */
const beginReading = "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1";

/** Rows that one statement puts in: a call into the driver costs more than a row. Few sizes, so few statements. */
const blockSizes = [32, 8, 1];

function insertStatement(insertInto: string, rowCount: number, width: number, conflict: string): string {
  const row = `(${Array(width).fill("?").join(", ")})`;
  return `${insertInto} VALUES ${Array(rowCount).fill(row).join(", ")} ${conflict}`;
}

function closedError(path: string): CmoError {
  return new CmoError("store_unavailable", `The store ${path} was closed.`, { retryable: false });
}
