import { setTimeout as sleep } from "node:timers/promises";
import { isBusy } from "./store-error.ts";

/** How often the same work is tried while others hold the database. */
const tries = 6;

/**
 * Does `work`, and does it again while another process is in the way: SQLite itself waits for its busy time-out in most
 * cases, and gives up at once in some. The first try runs before this function returns. @throws what the last one threw.
 */
export async function withPatience<T>(work: () => T, random: () => number = Math.random): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return work();
    } catch (error) {
      if (tried >= tries || !isBusy(error)) throw error;
    }
    // Not in step with the others who wait for the same.
    await sleep(2 ** tried * (5 + 10 * random()));
  }
}
