import { CmoError, createMemoryStore, type Store } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { loadSqlite } from "./load-sqlite.ts";

/**
 * A store for the time of one piece of work over so many characters of answers. Little stays in memory; more goes to an
 * encrypted file without a name (`createTemporaryStore`). Where no such file can be made, all of it is held in memory.
 */
export async function openTemporaryStore(
  { clock, random }: Pick<Host, "clock" | "random">,
  length: number,
): Promise<Store> {
  if (length <= mostInMemory) return createMemoryStore({ clock, random });
  try {
    const { createTemporaryStore } = await loadSqlite();
    return await createTemporaryStore({ clock });
  } catch (error) {
    if (!(error instanceof CmoError) || error.code !== "store_unavailable") throw error;
    return createMemoryStore({ clock, random });
  }
}

/** In characters: the answers of some two thousand people, who take ten times as much when all is kept of a run. */
const mostInMemory = 4 * 1024 ** 2;
