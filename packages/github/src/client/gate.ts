import { type Clock, CmoError, type SourceCall } from "@cmo/engine";
import type { Limiter } from "../http/limiter.ts";
import type { LimitReason, Quota, QuotaResource } from "../quota/quota.ts";
import { throwIfCancelled } from "./cancelled.ts";

/** Where every request passes: a slot is free, and the quota lets it start. */
export interface Gate {
  /**
   * Waits until a request may start, and says so with `quota.waiting` when it waits for the quota. The request has to
   * start before anything else is awaited. Rejects with a `CmoError` `cancelled`, or `rate_limited` when GitHub asks
   * for a wait of more than two hours.
   */
  enter(resource: QuotaResource, cost: number, call: SourceCall): Promise<{ leave(): void }>;
  /** How long a request of this bucket would have to wait now. */
  remainingWaitMs(resource: QuotaResource): number;
}

/** A gate in front of one token's requests. */
export function createGate(options: { clock: Clock; quota: Quota; limiter: Limiter }): Gate {
  const { clock, quota, limiter } = options;
  const told = new WeakMap<SourceCall, string>();

  const waitUntil = async (
    resource: QuotaResource,
    untilMs: number,
    reason: LimitReason,
    call: SourceCall,
  ) => {
    const waitMs = untilMs - clock.now();
    if (waitMs > longestWaitMs) throw tooLong(resource, untilMs, waitMs);
    const until = new Date(untilMs).toISOString();
    if (told.get(call) !== `${resource} ${until}`) {
      told.set(call, `${resource} ${until}`);
      call.emit({ type: "quota.waiting", data: { resource, until, reason } });
    }
    await clock.sleep(waitMs, call.signal);
  };

  return {
    async enter(resource, cost, call) {
      for (;;) {
        throwIfCancelled(call.signal);
        const release = await limiter.acquire(call.signal);
        // Only now, with the slot in hand: a limit may have been hit while it was waited for.
        const admission = quota.admit(resource, cost);
        if (admission.kind === "granted") {
          return {
            leave() {
              quota.settle(resource, cost);
              release();
            },
          };
        }
        // A wait takes no slot, so that the other bucket's requests go on.
        release();
        if (admission.kind === "reserved") await quota.settled(call.signal);
        else await waitUntil(resource, admission.untilMs, admission.reason, call);
      }
    },
    remainingWaitMs(resource) {
      return quota.waitMs(resource);
    },
  };
}

const longestWaitMs = 2 * 3_600_000;

function tooLong(resource: QuotaResource, untilMs: number, retryAfterMs: number): CmoError {
  const until = new Date(untilMs).toISOString();
  return new CmoError("rate_limited", `GitHub answers no more ${resource} requests until ${until}.`, {
    hint: "Try again after that time.",
    retryAfterMs,
  });
}
