import { cancelled } from "../client/cancelled.ts";

/** A slot for one request. Giving it back twice is harmless. */
export type ReleaseSlot = () => void;

/** How many requests run at once: never more than the maximum, fewer for a while after a secondary limit. */
export interface Limiter {
  /** Waits for a slot, first come first served. Rejects with a `CmoError` `cancelled` when the signal aborts first. */
  acquire(signal: AbortSignal): Promise<ReleaseSlot>;
  /** A secondary limit was hit: half as many at once (at least 1). */
  halve(): void;
  /** A request was answered properly; after 10 of these in a row one more runs at once, up to the maximum. */
  recovered(): void;
}

/** A limiter of `maximum` requests at once. */
export function createLimiter(maximum: number): Limiter {
  let allowed = maximum;
  let running = 0;
  let answersInARow = 0;
  const waiting = new Set<() => void>();

  const start = (): ReleaseSlot => {
    running += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      running -= 1;
      wakeNext();
    };
  };
  const wakeNext = () => {
    for (const wake of waiting) {
      if (running >= allowed) return;
      waiting.delete(wake);
      wake();
    }
  };

  return {
    acquire(signal) {
      if (signal.aborted) return Promise.reject(cancelled());
      if (running < allowed && waiting.size === 0) return Promise.resolve(start());
      return new Promise((resolve, reject) => {
        const wake = () => {
          signal.removeEventListener("abort", abort);
          resolve(start());
        };
        const abort = () => {
          waiting.delete(wake);
          signal.removeEventListener("abort", abort);
          reject(cancelled());
        };
        signal.addEventListener("abort", abort);
        waiting.add(wake);
      });
    },
    halve() {
      allowed = Math.max(1, Math.floor(allowed / 2));
      answersInARow = 0;
    },
    recovered() {
      if (allowed === maximum) return;
      answersInARow += 1;
      if (answersInARow < answersToRecover) return;
      answersInARow = 0;
      allowed += 1;
      wakeNext();
    },
  };
}

const answersToRecover = 10;
