import { resolve } from "node:path";
import { type Connection, openConnection } from "./connection.ts";
import { prepareDatabaseFile } from "./database-file.ts";
import { migrate } from "./migration/migrate.ts";
import { withPatience } from "./patience.ts";

/** Which file, and how long SQLite waits for another process that writes, on each of six tries. Default 5,000. */
export interface DatabasePlace {
  readonly path: string;
  readonly busyTimeoutMs?: number;
}

/**
 * Opens the database of a store, makes it where there is none, and brings it up to date.
 * @throws CmoError `store_unavailable`, `store_corrupt`, `store_newer`.
 */
export async function openDatabase(
  { path: given, busyTimeoutMs }: DatabasePlace,
  now: () => number,
): Promise<Connection> {
  const path = resolve(given);
  prepareDatabaseFile(path);
  const connection = openConnection(path, { busyTimeoutMs });
  try {
    await withPatience(() => {
      // In WAL mode NORMAL costs no consistency, only the last commits when power is lost
      // (https://sqlite.org/pragma.html#pragma_synchronous).
      connection.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
      // What is sorted or rolled back goes through memory, and never through a file of its own
      // (https://sqlite.org/pragma.html#pragma_temp_store).
      connection.execute("PRAGMA temp_store = MEMORY");
      // What is deleted is overwritten: an erased person is not found in the file either
      // (https://sqlite.org/pragma.html#pragma_secure_delete).
      connection.all("PRAGMA secure_delete = ON");
    });
    await migrate(connection, { now });
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
