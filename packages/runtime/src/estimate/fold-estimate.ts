import { setImmediate } from "node:timers/promises";
import { type Job, reduceProgress, type Store } from "@cmo/engine";
import {
  type EstimateGrounds,
  initialRunEstimate,
  type RunEstimateState,
  reduceRunEstimate,
} from "@cmo/view";

/** A fold of a job's log as far as it was read. */
export interface FoldedEstimate {
  /** The last event that is in it. */
  readonly seq: number;
  readonly state: RunEstimateState;
}

/** So many events are read at once; some milliseconds of work. */
const pageEvents = 1_000;

/** Folds the log of a job up to its last event, from where a fold stopped earlier. */
export async function foldEstimate(
  store: Pick<Store, "readEvents">,
  { id, lastSeq }: Pick<Job, "id" | "lastSeq">,
  grounds: EstimateGrounds | null,
  folded: FoldedEstimate = { seq: 0, state: initialRunEstimate(grounds) },
): Promise<FoldedEstimate> {
  let { seq, state } = folded;
  while (seq < lastSeq) {
    const events = await store.readEvents(id, seq, Math.min(pageEvents, lastSeq - seq));
    const last = events.at(-1);
    if (last === undefined) break;
    for (const event of events) {
      const before = state.progress;
      state = reduceRunEstimate(state, event, { before, after: reduceProgress(before, event) });
    }
    seq = last.seq;
    // Others have their turn while a long log is read.
    if (seq < lastSeq) await setImmediate();
  }
  return { seq, state };
}
