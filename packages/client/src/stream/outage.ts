import type { Clock } from "@cmo/engine";

/** How long a server has not been heard of, as far as it was tried: a machine that slept did not try. */
export interface Outage {
  /** Milliseconds; 0 while it is heard. */
  downForMs(): number;
  /** An attempt begins. */
  begin(): void;
  /** Something came, or whoever takes it has taken it: from now on silence counts. */
  heard(): void;
  /** Whether anything was ever heard. */
  wasHeard(): boolean;
  /** The attempt has failed; how long it had been under way, in milliseconds. */
  failed(): number;
  /** Sleeps, which counts as far as it was wanted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** An {@link Outage}; no attempt is silent for longer than `mostSilentMs`. */
export function createOutage(clock: Clock, mostSilentMs: number): Outage {
  let downMs = 0;
  let begunAt = 0;
  let silentSince = 0;
  let wasHeard = false;
  return {
    downForMs: () => downMs,
    begin() {
      begunAt = clock.now();
      silentSince = begunAt;
    },
    heard() {
      silentSince = clock.now();
      downMs = 0;
      wasHeard = true;
    },
    wasHeard: () => wasHeard,
    failed() {
      const now = clock.now();
      downMs += within(now - silentSince, mostSilentMs);
      return now - begunAt;
    },
    async wait(ms, signal) {
      const since = clock.now();
      await clock.sleep(ms, signal);
      downMs += within(clock.now() - since, ms);
    },
  };
}

/** Clocks are set now and then, back as well. */
function within(elapsedMs: number, mostMs: number): number {
  return Math.min(mostMs, Math.max(0, elapsedMs));
}
