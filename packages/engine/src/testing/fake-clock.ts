import type { Clock } from "../port/clock.ts";
import { loadOnDemand } from "./load-on-demand.ts";

/** A clock whose time moves only when it is told to. */
export interface FakeClock extends Clock {
  /** How many sleepers wait for their time. */
  sleeping(): number;
  /** Lets everything run that can run without time passing. */
  settle(): Promise<void>;
  /**
   * Moves time by `ms`. Sleepers wake in the order of their time, those of the same time in the order in which they
   * fell asleep, and between two of them everything runs that can.
   */
  advance(ms: number): Promise<void>;
  /**
   * Goes from sleeper to sleeper until `work` settles, and gives what it gives.
   * @throws Error when `work` waits although nobody sleeps any more, or when `atMostMs` have passed (default: a day).
   */
  runUntil<T>(work: Promise<T>, atMostMs?: number): Promise<T>;
}

/** Options of {@link createFakeClock}. */
export interface FakeClockOptions {
  /** Milliseconds since the epoch, or an ISO instant. Default 2030-01-01T00:00:00.000Z. */
  now?: number | string;
  /** Time goes to the next sleeper by itself whenever nothing else can run. Default: no. */
  auto?: boolean;
}

/** A {@link FakeClock}. */
export function createFakeClock({ now: start, auto = false }: FakeClockOptions = {}): FakeClock {
  let now = typeof start === "number" ? start : Date.parse(start ?? "2030-01-01T00:00:00.000Z");
  let sleepers: { readonly at: number; wake(): void }[] = [];
  let driving = false;

  function wakeNext(until: number): boolean {
    let next = sleepers[0];
    for (const sleeper of sleepers) if (next === undefined || sleeper.at < next.at) next = sleeper;
    if (next === undefined || next.at > until) return false;
    now = Math.max(now, next.at);
    next.wake();
    return true;
  }

  async function drive(): Promise<void> {
    if (driving) return;
    driving = true;
    await loadOnDemand();
    do await turn();
    while (wakeNext(Number.POSITIVE_INFINITY));
    driving = false;
  }

  async function settle(): Promise<void> {
    await loadOnDemand();
    for (let turns = 0; turns < 3; turns += 1) await turn();
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { at: now + Math.max(0, ms), wake };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", wake);
        if (auto) void drive();
      });
    },
    sleeping: () => sleepers.length,
    settle,
    async advance(ms) {
      const until = now + ms;
      do await settle();
      while (wakeNext(until));
      now = Math.max(now, until);
      await settle();
    },
    async runUntil(work, atMostMs = 86_400_000) {
      const until = now + atMostMs;
      let settled = false;
      const done = () => {
        settled = true;
      };
      work.then(done, done);
      for (;;) {
        await settle();
        if (settled) return work;
        if (!wakeNext(until)) {
          throw new Error(
            sleepers.length === 0
              ? "The work waits, and nobody sleeps who could wake it."
              : `The work did not end within ${atMostMs} ms.`,
          );
        }
      }
    },
  };
}

/** Resolves when all that could run without waiting has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (host.setImmediate === undefined) host.setTimeout(resolve, 0);
    else host.setImmediate(resolve);
  });
}

const host = globalThis as unknown as {
  setImmediate?(callback: () => void): unknown;
  setTimeout(callback: () => void, ms: number): unknown;
};
