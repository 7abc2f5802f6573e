import type { SimulatorClock } from "../src/index.ts";

/** A clock that stands still until it is told to go on; sleepers wake in the order of their time. */
export interface FakeClock extends SimulatorClock {
  advance(ms: number): Promise<void>;
  readonly sleeping: number;
}

export function createFakeClock(startMs = Date.parse("2026-11-02T10:00:00Z")): FakeClock {
  let now = startMs;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve });
      }),
    async advance(ms) {
      now += ms;
      const due = sleepers.filter((sleeper) => sleeper.at <= now).sort((left, right) => left.at - right.at);
      sleepers = sleepers.filter((sleeper) => sleeper.at > now);
      for (const sleeper of due) sleeper.wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
    get sleeping() {
      return sleepers.length;
    },
  };
}
