import type { Clock } from "@cmo/engine";

/** A clock that nobody waits for: whenever nothing else can run, its time goes to the next sleeper. */
export interface VirtualClock extends Clock {
  /**
   * Resolves when the time has come to `at` (milliseconds since the epoch) because somebody else slept until then, or
   * past it. Time does not go on for it.
   */
  reached(at: number): Promise<void>;
  /** Wakes nobody any more. */
  stop(): void;
}

/** A {@link VirtualClock} that begins at `now`, in milliseconds since the epoch. */
export function createVirtualClock({ now: begin }: { readonly now: number }): VirtualClock {
  let now = begin;
  let driving = false;
  let stopped = false;
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<{ readonly at: number; tell(): void }>();

  /** The earliest; of those with the same time, the one that fell asleep first. */
  function next(): Sleeper | null {
    let earliest: Sleeper | null = null;
    for (const sleeper of sleepers) if (earliest === null || sleeper.at < earliest.at) earliest = sleeper;
    return earliest;
  }

  async function drive(): Promise<void> {
    if (driving) return;
    driving = true;
    for (;;) {
      await turn();
      const sleeper = stopped ? null : next();
      if (sleeper === null) break;
      now = Math.max(now, sleeper.at);
      for (const watcher of watchers) {
        if (watcher.at > now) continue;
        watchers.delete(watcher);
        watcher.tell();
      }
      sleeper.wake();
    }
    driving = false;
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { at: now + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake);
        void drive();
      });
    },
    reached: (at) => new Promise((tell) => watchers.add({ at, tell })),
    stop() {
      stopped = true;
      sleepers.clear();
      watchers.clear();
    },
  };
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Resolves when all that could run without waiting has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
