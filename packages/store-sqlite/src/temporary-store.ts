import { randomBytes } from "node:crypto";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@cmo/engine";
import { type Connection, openConnection } from "./connection.ts";
import { prepareDatabaseFile } from "./database-file.ts";
import { migrate } from "./migration/migrate.ts";
import { type SqliteStoreOptions, storeOver } from "./sqlite-store.ts";
import { toStoreError } from "./store-error.ts";
import { takingTurns } from "./taking-turns.ts";

/** What {@link createTemporaryStore} takes from its host. */
export interface TemporaryStoreOptions extends Pick<SqliteStoreOptions, "clock"> {
  /** Where its file is made. Default: the system's folder for temporary files. */
  folder?: string;
}

/**
 * A store for what is too much for the memory and of which nothing may stay: of one process, in a file that nobody else
 * can read or find, and that is gone with the process however it ends. The file has lost its name before anything is
 * written to it, and is encrypted with a key that is nowhere but in the memory. Where a file that is open keeps its name
 * (Windows), it loses it at the close, and a crash leaves what nobody can decrypt.
 * @throws CmoError `store_unavailable` where no file can be made.
 */
export async function createTemporaryStore({
  clock = { now: () => Date.now() },
  folder = tmpdir(),
}: TemporaryStoreOptions = {}): Promise<Store> {
  const { connection, dispose } = openUnnamed(folder);
  try {
    connection.execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
    // Nobody comes back to it: what has not reached the disk when the machine stops is no loss.
    connection.all("PRAGMA synchronous = OFF");
    // Nobody else has it open: what is in the cache need not be looked for in the file again.
    connection.all("PRAGMA locking_mode = EXCLUSIVE");
    connection.execute(`PRAGMA cache_size = -${cacheKibibytes}`);
    // A log beside the database would be a second file, with a name.
    await migrate(connection, { now: () => clock.now(), journalMode: "MEMORY" });
    const store = await storeOver(
      takingTurns(alone(connection), () => performance.now()),
      { clock },
    );
    return {
      ...store,
      durable: false,
      async close() {
        await store.close();
        dispose();
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The connection for who is alone with it: nothing changes between its reads, so they need no transaction. */
function alone(connection: Connection): Connection {
  return { ...connection, readNow: (work) => work(), read: async (work) => work() };
}

/** What is less than this never reaches the disk. */
const cacheKibibytes = 32 * 1024;

interface UnnamedDatabase {
  readonly connection: Connection;
  /** Closes it and gives its space back. Calling it again does nothing. */
  dispose(): void;
}

function openUnnamed(folder: string): UnnamedDatabase {
  const place = makePlace(folder);
  const path = join(place, "temporary.db");
  let file: number | null = null;
  try {
    prepareDatabaseFile(path);
    const connection = openConnection(path, { encryptionKey: randomBytes(32).toString("hex") });
    file = openSync(path, "r+");
    return {
      connection,
      dispose() {
        connection.close();
        if (file === null) return;
        // The driver lets a file go when it is collected, which may be long after.
        ftruncateSync(file);
        closeSync(file);
        file = null;
        remove(place);
      },
    };
  } catch (error) {
    throw toStoreError(error, path);
  } finally {
    remove(place);
  }
}

function makePlace(folder: string): string {
  try {
    return mkdtempSync(join(folder, "cmo-temporary-"));
  } catch (error) {
    throw toStoreError(error, folder);
  }
}

/** The file goes on without its name, where the system lets it. */
function remove(place: string): void {
  try {
    rmSync(place, { recursive: true, force: true });
  } catch {
    // It is open, and keeps its name until it is closed.
  }
}
