import type { Clock } from "../port/clock.ts";
import { memoryErase } from "./memory-erase.ts";
import { memoryLists } from "./memory-lists.ts";
import type { MemoryState } from "./memory-state.ts";

// A chunk of its own, loaded at the first call. It imports nothing that the rest of the engine needs: what two chunks
// share, a bundler puts into a third one, which is loaded at once.

/** The part of a store in memory that is loaded when it is called. */
export type MemoryOnDemand = ReturnType<typeof memoryLists> & ReturnType<typeof memoryErase>;

/** What a store in memory does for those who look after it: search, list, erase. No run of a job needs any of it. */
export function memoryOnDemand(state: MemoryState, clock: Pick<Clock, "now">): MemoryOnDemand {
  return { ...memoryLists(state, clock), ...memoryErase(state, clock) };
}
