import type { Random } from "@cmo/engine";
import type { Backoff } from "./api-link.ts";

/**
 * Milliseconds to wait after so many failures in a row: a random part of a span that doubles (full jitter, so that many
 * who lost the same server do not come back together), at least a tenth of the base, so that it is never at once.
 */
export function jitterMs(failures: number, { baseDelayMs, maxDelayMs }: Backoff, random: Random): number {
  const span = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(Math.max(baseDelayMs / 10, span * random()));
}
