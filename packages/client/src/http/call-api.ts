import { CmoError } from "@cmo/engine";
import type { ApiLink } from "./api-link.ts";
import { type ApiCall, exchange, type FailureReason, type OpenAnswer } from "./exchange.ts";
import { jitterMs } from "./jitter.ts";

/** A request that is made again when that may help. */
export interface RepeatedCall extends ApiCall {
  /**
   * Whether it may be made again although the server may have done it already. When not, it is only made again when
   * nobody was reached, or when the server said that it did nothing (429).
   */
  readonly repeatable: boolean;
}

/** Longer than this nobody waits for a plain request: the error then says when to come back. */
const longestRetryAfterMs = 60_000;

/** Makes a request, again where that may help, and gives what `take` makes of the answer. @throws CmoError */
export async function callApi<T>(
  link: ApiLink,
  call: RepeatedCall,
  take: (answer: OpenAnswer) => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    const outcome = await exchange(link, call, take);
    if (outcome.ok) return outcome.value;
    const { error, reason } = outcome;
    const retryAfterMs = error.retryAfterMs ?? 0;
    const isDone = mayBeDone(error, reason);
    if (isDone && !call.repeatable) throw unknownOutcome(error);
    if (!error.retryable || failures > link.retries || retryAfterMs > longestRetryAfterMs) throw error;
    await link.clock.sleep(retryAfterMs + jitterMs(failures, link.backoff, link.random));
  }
}

function mayBeDone(error: CmoError, reason: FailureReason): boolean {
  return reason !== "refused" && error.retryable && error.code !== "rate_limited";
}

function unknownOutcome(error: CmoError): CmoError {
  return new CmoError(error.code, `${error.message} Whether it was done is not known.`, {
    hint: "Look at the job before you ask for it again.",
    retryable: error.retryable,
  });
}
