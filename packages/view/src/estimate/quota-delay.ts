import type { QuotaFact } from "./run-pace.ts";

/** The quota is full again so long after it was, in milliseconds: an hour at GitHub. */
const windowMs = 3_600_000;
/** Nobody's estimate reaches further. */
const mostWindows = 10_000;

/**
 * How long the quota will be waited for, in milliseconds, by work that begins at `from` (milliseconds since the epoch),
 * takes `workMs` and spends `points` evenly.
 */
export function quotaDelayMs(
  quota: QuotaFact | null,
  { from, workMs, points }: { readonly from: number; readonly workMs: number; readonly points: number },
): number {
  // Points are whole: less than half of one is none.
  if (quota === null || quota.limit <= 0 || points < 0.5) return 0;
  const isFull = quota.resetAt <= from;
  let remaining = isFull ? quota.limit : quota.remaining;
  let resetAt = isFull ? from + windowMs : quota.resetAt;
  const msPerPoint = workMs / points;
  let now = from;
  let left = points;
  let waitedMs = 0;
  for (let windows = 0; left > remaining && windows < mostWindows; windows += 1) {
    const usedUpAt = now + remaining * msPerPoint;
    left -= usedUpAt < resetAt ? remaining : (resetAt - now) / msPerPoint;
    waitedMs += Math.max(0, resetAt - usedUpAt);
    now = resetAt;
    resetAt += windowMs;
    remaining = quota.limit;
  }
  return waitedMs;
}
