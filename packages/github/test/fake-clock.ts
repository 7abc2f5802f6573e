import { createFakeClock as createEngineClock, type FakeClock as EngineClock } from "@cmo/engine/testing";

/** The engine's fake clock, which also remembers every wait. */
export interface FakeClock extends EngineClock {
  /** Drives time until the promise settles, however long that takes. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Every wait there was, in milliseconds. */
  readonly sleeps: readonly number[];
}

export function createFakeClock(now: number | string = "2026-03-01T00:00:00Z"): FakeClock {
  const clock = createEngineClock({ now });
  const sleeps: number[] = [];
  return {
    ...clock,
    sleeps,
    sleep(ms, signal) {
      if (!signal?.aborted) sleeps.push(ms);
      return clock.sleep(ms, signal);
    },
    run: (promise) => clock.runUntil(promise, Number.MAX_SAFE_INTEGER / 4),
  };
}
