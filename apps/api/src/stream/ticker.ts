import type { Clock } from "@cmo/engine";

/** Something that is looked after every second while there is something to look after. */
export interface Ticker {
  /** There is something now. */
  start(): void;
  stop(): void;
}

/** How often it is looked who is silent, slow or idle. */
export const tickMs = 1_000;

/** A {@link Ticker} at rest. `onTick` says whether there is still something to look after. */
export function createTicker(clock: Clock, onTick: (now: number) => boolean): Ticker {
  const stopping = new AbortController();
  let running = false;

  async function run(): Promise<void> {
    do {
      await clock.sleep(tickMs, stopping.signal);
    } while (!stopping.signal.aborted && onTick(clock.now()));
    running = false;
  }

  return {
    start() {
      if (running || stopping.signal.aborted) return;
      running = true;
      void run();
    },
    stop: () => stopping.abort(),
  };
}
