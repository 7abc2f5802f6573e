import { CmoError } from "@cmo/engine";

/**
 * The stores in SQLite. Their driver is a library of the platform's own; where there is none for it, everything else
 * still works. @throws CmoError `store_unavailable`.
 */
export async function loadSqlite() {
  try {
    return await import("@cmo/store-sqlite");
  } catch (error) {
    throw new CmoError("store_unavailable", "The database driver could not be loaded on this platform.", {
      hint: "Install again on this machine; or keep jobs in memory, with --store memory or CMO_STORE=memory.",
      retryable: false,
      cause: error,
    });
  }
}
