/**
 * Runs an iteration one step ahead of whoever consumes it, so that the next page is asked for while this one is being
 * worked on. The order and the values are the same. `worthwhile` may hold it back where the next page will hardly be
 * wanted; it then starts when it is asked for.
 */
export async function* prefetch<T>(
  items: AsyncIterable<T>,
  worthwhile: (value: T) => boolean,
): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let next: Promise<Outcome<T>> | null = null;
  try {
    for (;;) {
      const outcome: Outcome<T> = await (next ?? settle(iterator.next()));
      next = null;
      if (!outcome.ok) throw outcome.error;
      if (outcome.result.done) return;
      if (worthwhile(outcome.result.value)) next = settle(iterator.next());
      yield outcome.result.value;
    }
  } finally {
    await next;
    await iterator.return?.();
  }
}

type Outcome<T> = { ok: true; result: IteratorResult<T, unknown> } | { ok: false; error: unknown };

/** A failure ahead of time is nobody's until the consumer gets there: it must not be an unhandled rejection. */
function settle<T>(promise: Promise<IteratorResult<T, unknown>>): Promise<Outcome<T>> {
  return promise.then(
    (result) => ({ ok: true, result }),
    (error) => ({ ok: false, error }),
  );
}
