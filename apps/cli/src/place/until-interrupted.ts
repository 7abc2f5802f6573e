import { CmoError } from "@cmo/engine";

/** What is said at an interrupt. */
export interface InterruptText {
  /** Default: that what an API was asked for may be done all the same. */
  readonly message?: string;
  readonly hint?: string;
}

/** For who has begun no file yet. */
export const nothingWritten: InterruptText = { message: "Interrupted. Nothing was written." };

/**
 * What comes of some work, unless it is interrupted: nobody should have to wait for an API that takes its time, or for
 * work of this process that leaves nothing behind.
 * @throws CmoError `cancelled` at the interrupt; the work itself goes on until the process ends.
 */
export function untilInterrupted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  { message = "Interrupted. What was asked of the API may be done all the same.", hint }: InterruptText = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(new CmoError("cancelled", message, hint === undefined ? {} : { hint }));
    };
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
