import type { ProgressStage } from "@cmo/engine";
import type { StageView } from "./run-view.ts";

/**
 * How many milliseconds a stage will still take at the pace so far; null where there is no ground to say so: too little
 * done, too little time passed, a total that is unknown or was still changing lately, or nothing left of what has come
 * so far while the stage goes on, waiting for more.
 */
export function remainingMs(stage: ProgressStage, view: StageView, now: number): number | null {
  const { itemsProcessed: done, itemsTotal: total } = stage;
  if (stage.state !== "active" || total === null || done >= total) return null;
  if (done < leastItems || done < total * leastShare) return null;
  const elapsed = now - view.startedAt;
  if (elapsed < leastMs || now - view.totalSince < Math.max(leastMs, elapsed * settledShare)) return null;
  return (elapsed / done) * (total - done);
}

const leastItems = 5;
const leastShare = 0.05;
const leastMs = 2_000;
/** A total counts as settled when it held for this share of the stage's time. */
const settledShare = 0.25;
