import type { Random } from "../port/random.ts";

/**
 * Milliseconds to wait before attempt `attempt + 1`: exponential from `baseDelayMs`, at most `maxDelayMs`, of which a
 * random half is taken off so that many who failed together do not come back together.
 */
export function backoffMs(
  attempt: number,
  { baseDelayMs, maxDelayMs }: { baseDelayMs: number; maxDelayMs: number },
  random: Random,
): number {
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(full * (0.5 + random() / 2));
}
