import { CmoError } from "@cmo/engine";

/**
 * Says of an error of the file system, met while writing `path`, what happened and what to do: a {@link CmoError}
 * `export_failed`. What is a `CmoError` already stays as it is.
 */
export function exportError(error: unknown, path: string): CmoError {
  if (error instanceof CmoError) return error;
  const code = errorCode(error);
  const { what, hint } = reasons.get(code) ?? { what: messageOf(error), hint: otherFolder };
  return new CmoError("export_failed", `Could not write ${path}: ${what}.`, { hint, cause: error });
}

interface Reason {
  readonly what: string;
  readonly hint: string;
}

const otherFolder = "Choose another folder for the exports.";
const noRoom: Reason = {
  what: "there is no room left",
  hint: `Free some space on that disk. ${otherFolder}`,
};
const notAllowed: Reason = {
  what: "the folder may not be written",
  hint: `Make the folder writable. ${otherFolder}`,
};
const noFolder: Reason = { what: "its folder is missing and cannot be made", hint: otherFolder };

const reasons: ReadonlyMap<string, Reason> = new Map([
  ["ENOSPC", noRoom],
  ["EDQUOT", { ...noRoom, what: "the quota of the disk is used up" }],
  ["EFBIG", { ...noRoom, what: "the file grew larger than is allowed here" }],
  ["EACCES", notAllowed],
  ["EPERM", notAllowed],
  ["EROFS", { ...notAllowed, what: "the disk is read-only" }],
  ["ENOENT", noFolder],
  ["ENOTDIR", { what: "a part of its path is a file", hint: otherFolder }],
  ["EEXIST", { what: "a file is where its folder should be", hint: otherFolder }],
  ["EISDIR", { what: "a folder of that name is in the way", hint: `Move that folder away. ${otherFolder}` }],
  [
    "ENOTEMPTY",
    { what: "a folder of that name is in the way", hint: `Move that folder away. ${otherFolder}` },
  ],
  [
    "ENAMETOOLONG",
    { what: "its name is too long", hint: "Use a shorter name, or a shorter path for the exports." },
  ],
]);

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
