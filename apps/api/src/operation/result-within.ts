import type { Clock } from "@cmo/engine";

/** What the work comes to, or null when it fails or takes longer than the limit; it is then left to itself. */
export async function resultWithin<Result>(
  clock: Pick<Clock, "sleep">,
  limitMs: number,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const done = new AbortController();
  const late = clock.sleep(limitMs, done.signal).then(() => null);
  try {
    return await Promise.race([work(), late]);
  } catch {
    return null;
  } finally {
    done.abort();
  }
}
