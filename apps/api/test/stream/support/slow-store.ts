import { setImmediate as nextTurn } from "node:timers/promises";
import type { Store } from "@cmo/engine";

/** A store whose reads take so many turns of the loop, one number after the other, before and after they look. */
export function slowStore(turns: readonly number[]): (store: Store) => Store {
  let call = 0;
  async function slowly<T>(read: () => Promise<T>): Promise<T> {
    await pause();
    const found = await read();
    await pause();
    return found;
  }
  async function pause(): Promise<void> {
    call += 1;
    for (let turn = turns[call % turns.length] ?? 0; turn > 0; turn -= 1) await nextTurn();
  }
  return (store) => ({
    ...store,
    readJob: (jobId) => slowly(() => store.readJob(jobId)),
    listJobs: (filter) => slowly(() => store.listJobs(filter)),
    readEvents: (jobId, after, limit) => slowly(() => store.readEvents(jobId, after, limit)),
  });
}
