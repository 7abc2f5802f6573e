import { CmoError } from "@cmo/engine";
import { nullable, numberOf } from "@cmo/store-sql";
import type { Database, Session } from "../database.ts";
import type { Migration } from "./migration.ts";
import { migrations } from "./migrations.ts";

/** What {@link migrate} needs beside the database. */
export interface MigrateOptions {
  readonly schema: string;
  /** The steps of the schema that the caller knows. Default: all there are. */
  readonly steps?: readonly Migration[];
}

/**
 * Brings a schema to its newest step, all steps in one transaction under a lock of the database, so that any number of
 * processes may start at once. A schema with later steps is used as it is when they say that this version may
 * (`compatible_from` in the ledger): two versions of cmo work beside each other while a fleet is rolled over.
 * What is written later looks at the ledger too, and a step waits for what is being written: a version that runs stops
 * where a later one has made the schema another.
 * @throws CmoError `store_newer` for a schema that this version cannot use.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<void> {
  await takeSteps(database, options);
  const known = options.steps?.length ?? migrations.length;
  database.guardWith({
    sql: "(SELECT max(compatible_from)::bigint FROM @.migration)",
    assert(found) {
      const compatibleFrom = nullable(found, numberOf) ?? 0;
      assertUsable({ version: compatibleFrom, compatibleFrom }, known, database.place);
    },
  });
}

async function takeSteps(database: Database, { schema, steps = migrations }: MigrateOptions): Promise<void> {
  if ((await stateOf(database.single, schema)).version >= steps.length) {
    return assertUsable(await stateOf(database.single, schema), steps.length, database.place);
  }
  // Held until the commit; the number is that of nobody else's lock, by its text.
  const oneAtATime = {
    sql: "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
    values: [`cmo migration ${schema}`],
    isLong: true,
  };
  await database.write(async (session) => {
    const before = await stateOf(session, schema);
    assertUsable(before, steps.length, database.place);
    if (before.version === 0) await session.script(`CREATE SCHEMA IF NOT EXISTS "${schema}"; ${ledgerTable}`);
    // Whoever writes has looked at the ledger, and is waited for; whoever comes now looks when the steps are taken.
    else await session.script("LOCK TABLE @.migration IN ACCESS EXCLUSIVE MODE");
    for (const [index, { name, sql, compatibleFrom }] of steps.entries()) {
      const version = index + 1;
      if (version <= before.version) continue;
      await session.script(sql);
      await session.run(
        "INSERT INTO @.migration (version, name, compatible_from, applied_at) VALUES ($1, $2, $3, now())",
        [version, name, compatibleFrom ?? version],
      );
    }
  }, oneAtATime);
}

const ledgerTable = `CREATE TABLE @.migration (
  version integer PRIMARY KEY, name text NOT NULL, compatible_from integer NOT NULL, applied_at timestamptz NOT NULL)`;

/** How far a schema is, and the oldest version of the schema's knowledge that may still use it. */
interface SchemaState {
  readonly version: number;
  readonly compatibleFrom: number;
}

async function stateOf(session: Session, schema: string): Promise<SchemaState> {
  // A read of the catalogue, which sees what was committed while the lock was waited for; `to_regclass` may not.
  const isThere = await session.first(
    "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'migration'",
    [schema],
  );
  if (isThere === null) return { version: 0, compatibleFrom: 0 };
  const row = await session.first(
    "SELECT coalesce(max(version), 0)::bigint, coalesce(max(compatible_from), 0)::bigint FROM @.migration",
  );
  const [version, compatibleFrom] = row ?? [];
  return { version: numberOf(version), compatibleFrom: numberOf(compatibleFrom) };
}

function assertUsable({ version, compatibleFrom }: SchemaState, known: number, place: string): void {
  if (version <= known || compatibleFrom <= known) return;
  throw new CmoError(
    "store_newer",
    `The store ${place} is of schema ${version}; this version knows ${known}.`,
    {
      hint: "Nothing was changed. Use the version of cmo that wrote it or a later one.",
    },
  );
}
