/**
 * Runs `work` for every item, at most `limit` at once, and yields results as they come. When one fails, or the reader
 * stops reading, the others are aborted and waited for before this ends.
 */
export async function* mapConcurrently<I, R>(
  items: readonly I[],
  limit: number,
  signal: AbortSignal,
  work: (item: I, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  const running = new Map<number, Promise<{ index: number; result: R }>>();
  let next = 0;
  try {
    while (next < items.length || running.size > 0) {
      for (const item of items.slice(next, next + limit - running.size)) {
        const index = next;
        running.set(
          index,
          work(item, stop.signal).then((result) => ({ index, result })),
        );
        next += 1;
      }
      const { index, result } = await Promise.race(running.values());
      running.delete(index);
      yield result;
    }
  } finally {
    abort();
    signal.removeEventListener("abort", abort);
    await Promise.allSettled(running.values());
  }
}
