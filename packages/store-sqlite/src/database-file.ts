import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { toStoreError } from "./store-error.ts";

/**
 * Sees to it that the database's file is there and that only its owner can read it, and the log and the index beside
 * it, before SQLite opens them: SQLite gives new ones the rights of the database. A folder that is made is its owner's
 * too. @throws CmoError `store_unavailable` when the file cannot be made or may not be written.
 */
export function prepareDatabaseFile(path: string): void {
  try {
    makeFolder(dirname(path));
    // Opened for appending: nothing of a file that another process made in between is lost.
    closeSync(openSync(path, "a", 0o600));
    // A file that is something else is left as it is; SQLite refuses it in a moment.
    if (mayBeDatabase(path)) for (const suffix of ["", "-wal", "-shm"]) takeRightsFromOthers(path + suffix);
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

/** One folder after the other: Node's `recursive` never comes back from a place such as /proc, where none can be made. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

function mayBeDatabase(path: string): boolean {
  const header = Buffer.alloc(16);
  const file = openSync(path, "r");
  try {
    const length = readSync(file, header, 0, header.length, 0);
    return length === 0 || header.toString("latin1") === "SQLite format 3\0";
  } finally {
    closeSync(file);
  }
}

function takeRightsFromOthers(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && (mode & 0o077) !== 0) chmodSync(path, mode & 0o700);
}
