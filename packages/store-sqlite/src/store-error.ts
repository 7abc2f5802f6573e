import { CmoError } from "@cmo/engine";

/**
 * What the driver or the file system threw, as an error that says what to do. `store_corrupt` when the file is damaged
 * or no database, `store_unavailable` when it cannot be read or written now, `internal` when the statement was wrong.
 * What is no error of either is given back as it is.
 */
export function toStoreError(thrown: unknown, path: string): unknown {
  const code = driverCode(thrown);
  if (code === null) return thrown;
  const cause = thrown;
  const said = thrown instanceof Error ? thrown.message : code;
  const fault = faults.find(({ codes }) => codes.test(code));
  if (fault === undefined) return new CmoError("internal", `The store ${path}: ${said}.`, { cause });
  const { error, message, hint, retryable } = fault;
  return new CmoError(error, `The store ${path} ${message}.`, { hint, retryable, cause });
}

/** Whether somebody else holds what was asked for, so that the same work may be done again at once. */
export function isBusy(error: unknown): boolean {
  return error instanceof CmoError && /^SQLITE_(BUSY|LOCKED)/.test(driverCode(error.cause) ?? "");
}

interface Fault {
  readonly codes: RegExp;
  readonly error: "store_corrupt" | "store_unavailable";
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const restoreHint =
  "Nothing was changed. Restore the file from a backup together with its -wal file, or move it away to start anew.";
const permissionHint =
  "Make the file and its folder writable for the user who runs this, or name another file in CMO_STORE.";

/** By codes of SQLite and of the operating system; the first that matches counts. */
const faults: readonly Fault[] = [
  {
    codes: /^SQLITE_(CORRUPT|NOTADB|IOERR_CORRUPTFS|IOERR_SHORT_READ)/,
    error: "store_corrupt",
    message: "is damaged, or no database",
    hint: restoreHint,
    retryable: false,
  },
  {
    codes: /^SQLITE_(BUSY|LOCKED)/,
    error: "store_unavailable",
    message: "is locked by another program",
    hint: "Close the program that holds the database, or wait until it is done.",
    retryable: true,
  },
  {
    codes: /^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG)/,
    error: "store_unavailable",
    message: "cannot grow: the disk is full",
    hint: "Free some space. What was committed is there; nothing was written in part.",
    retryable: true,
  },
  {
    codes: /^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS)/,
    error: "store_unavailable",
    message: "may not be written",
    hint: permissionHint,
    retryable: false,
  },
  {
    codes: /^(ENOENT|ENOTDIR|EEXIST|EISDIR|ELOOP|ENAMETOOLONG)/,
    error: "store_unavailable",
    message: "cannot be made there",
    hint: "Name a file in a folder that can be made, for example in CMO_STORE.",
    retryable: false,
  },
  {
    codes: /^(SQLITE_(IOERR|NOMEM|PROTOCOL|INTERRUPT)|EIO|EMFILE|ENFILE|EBUSY)/,
    error: "store_unavailable",
    message: "could not be read or written",
    hint: "Look after the disk: its space, its quota and its health. What was committed is there.",
    retryable: true,
  },
];

function driverCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return null;
  return /^(SQLITE_|E[A-Z]+$)/.test(thrown.code) ? thrown.code : null;
}
