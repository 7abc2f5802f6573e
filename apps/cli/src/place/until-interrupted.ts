import { CmoError } from "@cmo/engine";

/**
 * What comes of some work, unless it is interrupted: nobody should have to wait for an API that takes its time.
 * @throws CmoError `cancelled` at the interrupt; the work itself goes on until the process ends.
 */
export function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal, hint?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      const message = "Interrupted. What was asked of the API may be done all the same.";
      reject(new CmoError("cancelled", message, hint === undefined ? {} : { hint }));
    };
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
