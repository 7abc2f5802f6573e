/** Calls `listener` when the signal aborts, at once when it has; gives what takes the listener off again. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted) listener();
  signal?.addEventListener("abort", listener);
  return () => signal?.removeEventListener("abort", listener);
}

/** As `work`, but rejects as soon as the signal aborts, even when whoever does the work does not care. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let off = () => {};
  const aborted = new Promise<never>((_, reject) => {
    off = onAbort(signal, () => reject(new Error("aborted")));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    off();
  }
}
