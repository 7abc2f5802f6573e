import { setTimeout as wait } from "node:timers/promises";
import { CmoError } from "@cmo/engine";
import { type ColumnValue, databaseAddress, passwordHint, type Row, textOf } from "@cmo/store-sql";
import pg from "pg";
import { createNames, createQualifier, createSession, longAnswerMs, withValues } from "./statement.ts";
import { isConflict, isLost, isOfOtherSchema, toStoreError } from "./store-error.ts";

/** A value that a statement can be given; a list is an array of PostgreSQL. */
export type Value = ColumnValue | readonly ColumnValue[];

/** Where statements go: one connection, or any of the pool's. Tables are written as `@.job`, the schema's name for `@`. */
export interface Session {
  all(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  first(sql: string, values?: readonly Value[]): Promise<Row | null>;
  /** Gives how many rows it was about. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
  /** Several statements without values. */
  script(sql: string): Promise<void>;
}

/**
 * What a transaction begins with: it goes to the database together with the `BEGIN`, in one message, for which its values
 * are put into its text. The last of several statements is the one whose rows count.
 */
export interface Opening {
  readonly sql: string;
  readonly values?: readonly OpeningValue[];
  /** What the transaction does may take long, and so may the wait for others. */
  readonly isLong?: boolean;
  /** It is done once, and not again when another one was in its way. */
  readonly once?: boolean;
}

/** A value of an {@link Opening}; a list of texts is an array of PostgreSQL. */
export type OpeningValue = string | number | null | readonly string[];

/** What is looked at with everything that is written: in the same message and the same moment. */
export interface SchemaGuard {
  /** One row, as an expression of the database: `(SELECT … FROM @.…)`. */
  readonly sql: string;
  /** @throws CmoError `store_newer` for a schema that this version must not write to. */
  assert(found: unknown): void;
}

/** A database of PostgreSQL. All methods throw `store_unavailable`, `store_corrupt` and `internal` of `CmoError`. */
export interface Database {
  /** Host, port and name, without who asks: for people. */
  readonly place: string;
  /** One statement by itself. */
  readonly single: Session;
  /** Reads that see one moment. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * A transaction, done again when another one was in its way; `work` may run several times. What it throws is thrown
   * on, and nothing is written. When the connection breaks while it is being committed, the database is asked what
   * became of it. With `opening`, `work` is given the rows that it found.
   */
  write<T>(work: (session: Session, opened: readonly Row[]) => Promise<T>, opening?: Opening): Promise<T>;
  /** From now on nothing is written to a schema that this does not let pass. */
  guardWith(guard: SchemaGuard): void;
  /** @throws CmoError `store_newer` as {@link guardWith} has it. */
  assertSchema(): Promise<void>;
  close(): Promise<void>;
}

/** How a database is reached. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name`, with the parameters that `pg` knows. */
  readonly url: string;
  /** At most so many connections. */
  readonly connections: number;
  /** Whose tables are meant: letters, digits and `_`. Put in by name, as no setting of a connection outlives a pooler. */
  readonly schema: string;
  /**
   * Whether statements are prepared on each connection, which saves the database from reading and planning them anew. Not
   * behind what hands a connection to somebody else after each transaction.
   */
  readonly prepares: boolean;
  /** Told when a connection broke, and with it perhaps the server: what it had said may not be so any more. */
  onLost?(): void;
}

/** Somebody else is in the way of a transaction at most so often, one after the other, and seldom twice. */
const mostTries = 8;
/**
 * Nothing that is asked of a healthy database takes so long; what does is given up, and its connection with it. Two
 * thirds of the usual lease, so that a worker whose connection died without a word asks on another in time.
 */
const answerMs = 10_000;
const connectTimeoutMs = 10_000;
/**
 * For one transaction, as no setting of a connection outlives a pooler. Whoever falls silent in the middle of one, as a
 * machine does whose network is gone, would hold a job or a quota until the database finds out, which is hours. And who
 * waits for a lock hears of it from the database, before the connection is taken for dead.
 */
const untilSilent = "SET LOCAL idle_in_transaction_session_timeout = 5000";
const untilBusy = "SET LOCAL lock_timeout = 8000";

/** Opens a pool. Nothing is asked of the database before the first statement. */
export function openDatabase({
  url,
  connections,
  schema,
  prepares,
  onLost = () => {},
}: DatabaseOptions): Database {
  const place = placeOf(url);
  const qualified = createQualifier(schema);
  let guard: SchemaGuard | null = null;
  const nameOf = prepares ? createNames() : () => undefined;
  const sessionOf = (client: pg.Pool | pg.PoolClient, isLong = false) =>
    createSession(client, { qualified, nameOf, timeoutMs: isLong ? longAnswerMs : answerMs });
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerMs,
    keepAlive: true,
    application_name: "cmo",
    // A pool that is not used keeps no process alive.
    allowExitOnIdle: true,
    types: { getTypeParser },
  });
  // A connection that breaks while nobody uses it is replaced by the next that is wanted.
  pool.on("error", () => {});
  // One that breaks is told by what was asked of it; it may still say so by itself when it was given up.
  pool.on("connect", (client) => client.on("error", () => {}));

  async function withClient<T>(
    work: (client: pg.PoolClient, giveUp: (error: Error) => void) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw toStoreError(error, place);
    });
    let broken: Error | null = null;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on("error", onError);
    try {
      return await work(client, onError);
    } catch (error) {
      if (isLost(error)) broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      if (broken !== null) onLost();
      client.off("error", onError);
      client.release(broken ?? false);
    }
  }

  async function tryWrite<T>(
    work: (session: Session, opened: readonly Row[]) => Promise<T>,
    opening: string,
    isLong: boolean,
  ): Promise<T> {
    let committing: { readonly transaction: TransactionId; readonly value: T } | null = null;
    try {
      return await withClient(async (client, giveUp) => {
        try {
          const { transaction, found, opened } = await begin(client, opening, isLong, guardSql());
          guard?.assert(found);
          const value = await work(sessionOf(client, isLong), opened);
          committing = { transaction, value };
          await client.query("COMMIT");
          return value;
        } catch (error) {
          // A connection that cannot even do this is of no use to the next who would get it.
          if (!isLost(error)) await client.query("ROLLBACK").catch(giveUp);
          throw error;
        }
      });
    } catch (error) {
      const inDoubt = committing as { readonly transaction: TransactionId; readonly value: T } | null;
      // What the database says of a commit is no; whatever else is thrown there leaves it open.
      const isOpen = inDoubt !== null && (isLost(error) || !(error instanceof pg.DatabaseError));
      if (isOpen && (await wasCommitted(inDoubt.transaction))) return inDoubt.value;
      throw error;
    }
  }

  /**
   * What became of a transaction whose connection broke: PostgreSQL remembers (`pg_xact_status`), but for a server that
   * was started since: it may have given the number to another transaction. Then nobody knows, and it counts as not done:
   * whoever writes finds out by what is there.
   */
  async function wasCommitted({ id, server }: TransactionId): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const row = await sessionOf(pool).first(
          "SELECT CASE WHEN pg_postmaster_start_time()::text = $2 THEN pg_xact_status($1::text::xid8) END",
          [id, server],
        );
        if (row?.[0] !== "in progress") return row?.[0] === "committed";
      } catch (error) {
        if (attempt >= 20) throw toStoreError(error, place);
      }
      await wait(Math.min(2_000, 50 * 2 ** attempt));
    }
  }

  function guardSql(): string {
    return guard === null ? "NULL" : qualified(guard.sql);
  }

  async function assertSchema(): Promise<void> {
    if (guard !== null) guard.assert((await sessionOf(pool).first(`SELECT ${guard.sql}`))?.[0]);
  }

  /** Where a table or a column is not as it should be, a later version may have changed it under this one. */
  async function errorOf(error: unknown): Promise<unknown> {
    if (!isOfOtherSchema(error)) return toStoreError(error, place);
    return assertSchema().then(
      () => toStoreError(error, place),
      (found: unknown) => toStoreError(found, place),
    );
  }

  async function told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await errorOf(error);
    }
  }

  let ended: Promise<void> | null = null;
  const pooled = sessionOf(pool);
  return {
    place,
    single: {
      all: (sql, values) => told(() => pooled.all(sql, values)),
      first: (sql, values) => told(() => pooled.first(sql, values)),
      run: (sql, values) => told(() => pooled.run(sql, values)),
      script: (sql) => told(() => pooled.script(sql)),
    },
    read: (work) =>
      told(() =>
        withClient(async (client) => {
          await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${untilSilent}`);
          try {
            return await work(sessionOf(client));
          } finally {
            await client.query("COMMIT").catch(() => {});
          }
        }),
      ),
    async write(work, { sql, values = [], isLong = false, once = false } = { sql: "" }) {
      const opening = withValues(qualified(sql), values);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await tryWrite(work, opening, isLong);
        } catch (error) {
          if (!isConflict(error) || once || attempt >= mostTries) throw await errorOf(error);
          await wait(Math.random() * 10 * 2 ** attempt);
        }
      }
    },
    guardWith(given) {
      guard = given;
    },
    assertSchema: () => told(assertSchema),
    close() {
      ended ??= pool.end();
      return ended;
    },
  };
}

/** What tells a transaction from all others of a database. */
interface TransactionId {
  readonly id: string;
  /** When the server was started that gave it. */
  readonly server: string;
}

const identity = "SELECT pg_current_xact_id()::text, pg_postmaster_start_time()::text";

/** One message, several statements; the id is needed only when it is not known how the commit ended. */
async function begin(
  client: pg.PoolClient,
  opening: string,
  isLong: boolean,
  guardSql: string,
): Promise<{ transaction: TransactionId; found: unknown; opened: readonly Row[] }> {
  const settings = isLong ? [untilSilent] : [untilSilent, untilBusy];
  const before = ["BEGIN", ...settings];
  const statements = [...before, `${identity}, ${guardSql}`, ...(opening === "" ? [] : [opening])];
  // An opening goes through no table; what it waits for may take as long as what comes after it.
  const asked = {
    text: statements.join("; "),
    rowMode: "array" as const,
    query_timeout: isLong ? longAnswerMs : answerMs,
  };
  const results: unknown = await client.query(asked);
  const [id, ...others] = (results as readonly { rows?: readonly Row[] }[]).slice(before.length);
  const [number, server, found] = id?.rows?.[0] ?? [];
  return {
    found,
    transaction: { id: textOf(number), server: textOf(server) },
    opened: others.at(-1)?.rows ?? [],
  };
}

const bigint = 20;

/** Times and counts are bigint there and safe integers here. Everything else is as `pg` gives it. */
function getTypeParser(oid: number, format?: "text" | "binary"): (text: string) => unknown {
  return oid === bigint ? Number : pg.types.getTypeParser(oid, format);
}

/** An address without who asks. @throws CmoError `usage` for what is none. */
function placeOf(url: string): string {
  const address = databaseAddress(url);
  if (address === null) {
    throw new CmoError("usage", "The address of the store is none.", {
      hint: `Set CMO_STORE to postgres://user:password@host:5432/name; ${passwordHint}`,
    });
  }
  const { hostname, port, pathname } = address;
  return `${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
}
