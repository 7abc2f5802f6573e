import { CmoError } from "@cmo/engine";

/** What is stored is not what this store writes. */
export function corruptError(what: string, cause?: unknown): CmoError {
  return new CmoError("store_corrupt", `The store is damaged: ${what}.`, { hint: restoreHint, cause });
}

const restoreHint =
  "Nothing was changed. Restore it whole from a backup, or name another store in CMO_STORE.";
