import type { QuotaReport } from "./quota-policy.ts";
import type { QuotaBucket } from "./quota-state.ts";

/** Until when the bucket is used up, or was found to be. */
export function heldUntilMs(bucket: QuotaBucket): number {
  const isExhausted = bucket.reading !== null && bucket.reading.remaining <= 0;
  return Math.max(bucket.pausedUntilMs, isExhausted ? bucket.resetMs + afterResetMs : 0);
}

/** What is left of the bucket, as far as it is known: after its reset, all that it has. */
export function remainingAt(bucket: QuotaBucket, now: number): number {
  if (bucket.reading === null) return Number.POSITIVE_INFINITY;
  return now >= bucket.resetMs + afterResetMs ? bucket.reading.limit : bucket.reading.remaining;
}

/** The bucket after so many points were spent of which no answer told. */
export function spend(bucket: QuotaBucket, points: number, now: number): QuotaBucket {
  if (points === 0 || bucket.reading === null || now >= bucket.resetMs) return bucket;
  const remaining = Math.max(0, bucket.reading.remaining - points);
  return { ...bucket, reading: { ...bucket.reading, remaining } };
}

/** The bucket with what an answer said of it, and whether that was new. */
export function noteReading(
  bucket: QuotaBucket,
  { quota, ended }: QuotaReport,
  now: number,
): { bucket: QuotaBucket; isNews: boolean } {
  if (quota === null) return { bucket, isNews: false };
  const { reading, clockOffsetMs } = quota;
  const known = bucket.reading;
  const noted = { ...bucket, reading, resetMs: reading.resetAtMs + clockOffsetMs };
  const isSameWindow =
    known !== null && now < bucket.resetMs && Math.abs(reading.resetAtMs - known.resetAtMs) <= resetJitterMs;
  // Answers of requests in flight together may arrive in any order; within a window the quota only falls.
  if (isSameWindow && reading.remaining >= known.remaining) return { bucket, isNews: false };
  // A limit that is met now is true now, whatever was said before; anything else of an older window is stale.
  const isLimit = ended === "primary_limit" && noted.resetMs > now;
  if (known !== null && !isSameWindow && !isLimit && reading.resetAtMs < known.resetAtMs)
    return { bucket, isNews: false };
  return { bucket: noted, isNews: true };
}

/** The bucket after its limit was met: by `retry-after`; else the reset that the refusal names, else the one that is known; else a minute. */
export function pauseBucket(
  bucket: QuotaBucket,
  { retryAfterMs, quota }: QuotaReport,
  now: number,
): QuotaBucket {
  const named = quota === null ? 0 : quota.reading.resetAtMs + quota.clockOffsetMs;
  const resetMs = named > now ? named : bucket.resetMs;
  const waitMs = retryAfterMs ?? (resetMs > now ? resetMs + afterResetMs - now : fallbackMs);
  return { ...bucket, pausedUntilMs: Math.max(bucket.pausedUntilMs, now + waitMs) };
}

const afterResetMs = 1_000;
const fallbackMs = 60_000;
/** The reset of one window is reported a second apart now and then. */
const resetJitterMs = 1_000;
