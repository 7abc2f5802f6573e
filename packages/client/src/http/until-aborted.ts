import { onAbort } from "./on-abort.ts";

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
