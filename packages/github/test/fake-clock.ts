import type { Clock } from "@cmo/engine";

/** A clock that stands still until everything that can happen has happened, and then goes on to the next wait. */
export interface FakeClock extends Clock {
  /** Drives time until the promise settles. Fails when nothing is waited for any more and it still has not. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Waits that nobody has ended: timers left behind. */
  pendingSleeps(): number;
  /** Every wait there was, in milliseconds. */
  readonly sleeps: readonly number[];
}

export function createFakeClock(startMs = Date.parse("2026-03-01T00:00:00Z")): FakeClock {
  let nowMs = startMs;
  const sleeping = new Set<{ atMs: number; wake: () => void }>();
  const sleeps: number[] = [];
  /** Ends the earliest wait. One at a time: what it sets off has happened before the next one ends. */
  const wakeNext = () => {
    const [first] = [...sleeping].sort((one, other) => one.atMs - other.atMs);
    if (first === undefined) return false;
    nowMs = Math.max(nowMs, first.atMs);
    first.wake();
    return true;
  };
  return {
    now: () => nowMs,
    sleeps,
    pendingSleeps: () => sleeping.size,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      sleeps.push(ms);
      return new Promise((resolve) => {
        const sleeper = {
          atMs: nowMs + Math.max(0, ms),
          wake: () => {
            sleeping.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake);
      });
    },
    async run(promise) {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      promise.then(settle, settle);
      for (let idle = 0; ; ) {
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        if (isSettled) return promise;
        idle = wakeNext() ? 0 : idle + 1;
        if (idle > 200) throw new Error("Nothing is waited for, and it has not ended.");
      }
    },
  };
}
