import { CmoError } from "@cmo/engine";
import { numberOf } from "@cmo/store-sql";
import type { Connection } from "../connection.ts";
import { withPatience } from "../patience.ts";
import type { Migration } from "./migration.ts";
import { migrations } from "./migrations.ts";

/** What {@link migrate} needs beside the connection. */
export interface MigrateOptions {
  /** For the ledger. */
  now(): number;
  /** The steps of the schema that the caller knows. Default: all there are. */
  steps?: readonly Migration[];
  /** How a transaction can be taken back (https://sqlite.org/pragma.html#pragma_journal_mode). Default `WAL`. */
  journalMode?: "WAL" | "MEMORY";
}

/**
 * Brings a database to the newest schema, each step in a transaction of its own together with its line in the ledger.
 * Several processes may do it at the same time. A database that belongs to another program is left as it is.
 * @throws CmoError `store_newer` for a database from a newer version, `store_corrupt` for one of another program.
 */
export async function migrate(
  connection: Connection,
  { now, steps = migrations, journalMode = "WAL" }: MigrateOptions,
): Promise<void> {
  await connection.read(() => {
    assertOurs(connection);
    assertKnown(connection, steps.length);
  });
  // WAL is kept in the file, and with it readers and the writer do not wait for each other.
  await withPatience(() => connection.all(`PRAGMA journal_mode = ${journalMode}`));
  for (const [index, { name, sql }] of steps.entries()) {
    const version = index + 1;
    if ((await connection.read(() => versionOf(connection))) >= version) continue;
    await connection.write(() => {
      // Another process may have taken the step while this one waited for it.
      if (versionOf(connection) >= version) return;
      if (version === 1) connection.execute(`PRAGMA application_id = ${applicationId}; ${ledgerTable}`);
      connection.execute(sql);
      connection.run("INSERT INTO migration (version, name, applied_at) VALUES (?, ?, ?)", [
        version,
        name,
        now(),
      ]);
    });
  }
}

/** "cmo1", in the place of the file's header where a program says that the database is its own. */
const applicationId = 0x63_6d_6f_31;

const ledgerTable =
  "CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)";

function assertOurs(connection: Connection): void {
  const [id] = connection.first("PRAGMA application_id") ?? [];
  const [tables] = connection.first("SELECT count(*) FROM sqlite_schema") ?? [];
  if (id === applicationId || (id === 0 && tables === 0)) return;
  throw new CmoError("store_corrupt", `The store ${connection.path} is a database of another program.`, {
    hint: "Nothing was changed. Name another file in CMO_STORE.",
  });
}

function versionOf(connection: Connection): number {
  if (connection.first("SELECT 1 FROM sqlite_schema WHERE name = 'migration'") === null) return 0;
  const [version] = connection.first("SELECT coalesce(max(version), 0) FROM migration") ?? [];
  return numberOf(version);
}

function assertKnown(connection: Connection, known: number): void {
  const version = versionOf(connection);
  if (version <= known) return;
  throw new CmoError(
    "store_newer",
    `The store ${connection.path} is of schema ${version}; this version knows ${known}.`,
    {
      hint: "Nothing was changed. Use the version of cmo that wrote it or a later one, or name another file in CMO_STORE.",
    },
  );
}
