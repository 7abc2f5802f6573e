import { accessSync, chmodSync, closeSync, constants, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { toStoreError } from "./store-error.ts";

/**
 * Sees to it that the database's file is there and that only its owner can read it, and the log and the index beside
 * it, before SQLite opens them: SQLite gives new ones the rights of the database. A folder that is made is its owner's
 * too. @throws CmoError `store_unavailable` when the file cannot be made or may not be written.
 */
export function prepareDatabaseFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Opened for appending: nothing of a file that another process made in between is lost.
    closeSync(openSync(path, "a", 0o600));
    for (const suffix of ["", "-wal", "-shm"]) takeRightsFromOthers(path + suffix);
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

function takeRightsFromOthers(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o077) !== 0) chmodSync(path, mode & 0o700);
}
