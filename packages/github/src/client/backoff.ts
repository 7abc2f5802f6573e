import type { Random } from "@cmo/engine";

/** How long to wait after this many failures in a row: 1 s, doubled each time up to 30 s, between half and all of it. */
export function backoffMs(failuresInARow: number, random: Random): number {
  const fullMs = Math.min(30_000, 1_000 * 2 ** (failuresInARow - 1));
  return Math.round(fullMs * (0.5 + random() / 2));
}
