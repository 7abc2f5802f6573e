import { onAbort } from "../http/on-abort.ts";

/**
 * What `start` gives, begun anew by each who iterates. Leaving the iteration aborts the signal that `start` was given,
 * even while somebody waits for the next item: a generator alone would first wait for it.
 */
export function closable<T>(
  start: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  outer?: AbortSignal | undefined,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const stop = new AbortController();
      const off = onAbort(outer, () => stop.abort());
      const items = start(stop.signal);
      return {
        async next() {
          try {
            const result = await items.next();
            if (result.done) off();
            return result;
          } catch (thrown) {
            off();
            throw thrown;
          }
        },
        return() {
          stop.abort();
          off();
          return items.return();
        },
      };
    },
  };
}
