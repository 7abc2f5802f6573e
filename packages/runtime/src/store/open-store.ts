import { CmoError, createMemoryStore, type Store } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import type { StoreLocation } from "./store-location.ts";

/**
 * Opens the store at a location. Every store that there is, is opened here; what it is made of is loaded when it is
 * wanted. @throws CmoError `store_unavailable`, `store_corrupt`, `store_newer`.
 */
export async function openStore(
  location: StoreLocation,
  { clock, random }: Pick<Host, "clock" | "random">,
): Promise<Store> {
  switch (location.type) {
    case "memory":
      return createMemoryStore({ clock, random });
    case "file": {
      const { createSqliteStore } = await loadSqlite();
      return createSqliteStore({ path: location.path, clock });
    }
    default:
      return location satisfies never;
  }
}

/** The driver is a library of the platform's own; where there is none for it, everything else still works. */
async function loadSqlite() {
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
