/** Time as the engine sees it. Everything that waits or reads the time goes through one of these. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds; when `signal` aborts first, resolves at once (it never rejects: the caller
   * looks at the signal, so that a wait leaves no unhandled rejection behind).
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The slice of a host's timers that {@link createClock} needs; `globalThis` of Node and of browsers has it. */
export interface HostTimers {
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: never): void;
}

/** A {@link Clock} over the host's timers: `createClock(globalThis)`. */
export function createClock(timers: HostTimers): Clock {
  const clear = timers.clearTimeout.bind(timers) as (handle: unknown) => void;
  const set = timers.setTimeout.bind(timers);
  return {
    now: () => Date.now(),
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const finish = () => {
          clear(handle);
          signal?.removeEventListener("abort", finish);
          resolve();
        };
        // Timers overflow at 2^31 ms and would fire at once; a longer wait is woken early and waited again by callers.
        const handle = set(finish, Math.min(Math.max(0, ms), 2 ** 31 - 1));
        signal?.addEventListener("abort", finish);
      });
    },
  };
}
