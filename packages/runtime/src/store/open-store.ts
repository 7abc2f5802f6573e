import { CmoError, createMemoryStore, findClaimFault, type Store } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { loadSqlite } from "./load-sqlite.ts";
import type { StoreLocation } from "./store-location.ts";

/**
 * Opens the store at a location. Every store that there is, is opened here; what it is made of is loaded when it is
 * wanted. @throws CmoError `store_unavailable`, `store_corrupt`, `store_newer`.
 */
export async function openStore(
  location: StoreLocation,
  { clock, random, env }: Pick<Host, "clock" | "random" | "env">,
): Promise<Store> {
  switch (location.type) {
    case "memory":
      return createMemoryStore({ clock, random, claimFault: findClaimFault });
    case "file": {
      const { createSqliteStore } = await loadSqlite();
      return createSqliteStore({ path: location.path, clock });
    }
    case "postgres": {
      const { createPostgresStore } = await import("@cmo/store-postgres");
      const { CMO_STORE_DIRECT: directUrl = "", CMO_STORE_CONNECTIONS: connections } = env;
      // Without a clock of ours: machines whose clocks are apart have the database's in common.
      return createPostgresStore({
        url: location.url,
        ...(directUrl === "" ? {} : { directUrl }),
        connections: connectionsOf(connections),
      });
    }
    default:
      return location satisfies never;
  }
}

/** A worker with one job needs three: one for what it writes, one for its heartbeat, one for who reads. */
const usualConnections = 10;

function connectionsOf(text: string | undefined): number {
  if (text === undefined || text === "") return usualConnections;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 2 && count <= 1_000) return count;
  throw new CmoError("config_invalid", `CMO_STORE_CONNECTIONS is no count: ${JSON.stringify(text)}.`, {
    hint: "Set it to a whole number from 2 to 1000, or not at all.",
  });
}
