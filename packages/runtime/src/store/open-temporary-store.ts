import { CmoError, createMemoryStore, type Store } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { loadSqlite } from "./load-sqlite.ts";

/**
 * A store for the time of one piece of work. What is little stays in memory; what is more goes to an encrypted file
 * without a name (`createTemporaryStore`). Where no such file can be made, all of it is held in memory.
 */
export async function openTemporaryStore({ clock, random }: Pick<Host, "clock" | "random">): Promise<Store> {
  try {
    const { createTemporaryStore } = await loadSqlite();
    return await createTemporaryStore({ clock });
  } catch (error) {
    if (!(error instanceof CmoError) || error.code !== "store_unavailable") throw error;
    return createMemoryStore({ clock, random });
  }
}
