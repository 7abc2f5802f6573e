import { toCmoError } from "@cmo/engine";
import type { Rehearsal } from "./rehearsal.ts";

/** Does work of a rehearsal, for so long by its time, and says what went wrong; null when nothing did. */
export async function workWithin(
  { clock }: Pick<Rehearsal, "clock">,
  mostMs: number,
  work: () => Promise<unknown>,
): Promise<string | null> {
  const tooLate = clock
    .reached(clock.now() + mostMs)
    .then(() => `did not end within ${Math.round(mostMs / 3_600_000)} hours of its own time`);
  try {
    return await Promise.race([work().then(() => null), tooLate]);
  } catch (error) {
    const { code, message } = toCmoError(error);
    return `${code}: ${message}`;
  }
}
