import { CmoError } from "@cmo/engine";

/**
 * @throws CmoError `cancelled` when `signal` was aborted.
 */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/**
 * The same pieces, until `signal` aborts: then it ends at once with a `CmoError` `cancelled`, also while the next
 * piece is awaited, and tells the source to stop.
 */
export async function* untilAborted<T>(
  pieces: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* pieces;
    return;
  }
  let stop: () => void = () => {};
  const aborted = new Promise<"aborted">((resolve) => {
    stop = () => resolve("aborted");
  });
  signal.addEventListener("abort", stop);
  const iterator = pieces[Symbol.asyncIterator]();
  let ended = false;
  try {
    while (true) {
      const next = signal.aborted ? "aborted" : await Promise.race([iterator.next(), aborted]);
      if (next === "aborted") throw cancelled(signal);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    // Not awaited: a source that hangs in next() would answer return() only after it.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function cancelled(signal: AbortSignal): CmoError {
  return new CmoError(
    "cancelled",
    "Writing the file was cancelled; the earlier file, if any, is untouched.",
    {
      cause: signal.reason,
    },
  );
}
