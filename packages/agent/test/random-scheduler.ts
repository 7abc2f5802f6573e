import type { Random } from "@cmo/engine";

/** Holds waiters back and lets them go one at a time, in an order that the seed decides. */
export interface RandomScheduler {
  /** Waits for one's turn; over at once when the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** Lets waiters go until `work` settles. @throws Error when it does not settle although nobody waits. */
  drive<T>(work: Promise<T>): Promise<T>;
}

/** A {@link RandomScheduler}. */
export function createRandomScheduler(random: Random): RandomScheduler {
  const waiters: (() => void)[] = [];
  return {
    wait(signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const go = () => {
          const index = waiters.indexOf(go);
          if (index >= 0) waiters.splice(index, 1);
          signal.removeEventListener("abort", go);
          resolve();
        };
        signal.addEventListener("abort", go);
        waiters.push(go);
      });
    },
    async drive(work) {
      let settled = false;
      const done = () => {
        settled = true;
      };
      work.then(done, done);
      for (let idle = 0; !settled; ) {
        await turn();
        if (settled) break;
        idle = waiters.length === 0 ? idle + 1 : 0;
        if (idle > 2_000) throw new Error("The work waits, and nobody is held back.");
        // Sometimes several go at once, sometimes nobody for a while.
        const count = random() < 0.2 ? 0 : 1 + Math.floor(random() * 2);
        for (let step = 0; step < count && waiters.length > 0; step += 1) {
          waiters[Math.floor(random() * waiters.length)]?.();
        }
      }
      return work;
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
