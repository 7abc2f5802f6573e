import { type Clock, CmoError } from "@cmo/engine";
import type { Outage } from "./campaigns.ts";

/** How long something is tried, and who is told. */
export interface Patience {
  readonly clock: Clock;
  readonly giveUpAfterMs: number;
  /** Ends the waiting; the last error is thrown. */
  readonly signal: AbortSignal;
  readonly onOutage: (outage: Outage | null) => void;
}

/** Between two tries, each of which is several requests already. */
const pauseMs = 2_000;

/** Asks until an API that is away is there again. @throws what was asked throws; `api_unreachable` after the time. */
export async function patiently<T>(
  ask: () => Promise<T>,
  { clock, giveUpAfterMs, signal, onOutage }: Patience,
): Promise<T> {
  const since = clock.now();
  for (;;) {
    try {
      const answer = await ask();
      onOutage(null);
      return answer;
    } catch (error) {
      const isAway = error instanceof CmoError && error.code === "api_unreachable" && error.retryable;
      const leftMs = giveUpAfterMs - (clock.now() - since);
      if (!isAway || signal.aborted || leftMs <= 0) throw error;
      const waitMs = Math.min(pauseMs, leftMs);
      onOutage({ since, nextTryAt: clock.now() + waitMs, reason: error.message });
      await clock.sleep(waitMs, signal);
    }
  }
}
