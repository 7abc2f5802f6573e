import { CmoError } from "../error/cmo-error.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { SummaryState } from "../summary/summary-state.ts";

/** What a job has spent of its limits, over all of its runs. */
export interface Spending {
  /**
   * Counts one more request before it is made.
   * @throws CmoError `limit_reached` when `limits.max_requests` or `limits.max_points` are used up.
   */
  request(): void;
  /** Counts what an answer cost. */
  points(cost: number): void;
}

/** The spending of a job, from what its summary says was spent before. */
export function createSpending(spec: JobSpec, spent: SummaryState["quota"]): Spending {
  const { maxRequests, maxPoints } = spec.limits;
  let { requests, points } = spent;
  return {
    request() {
      if (maxRequests !== null && requests >= maxRequests)
        throw used("requests", maxRequests, "max_requests");
      if (maxPoints !== null && points >= maxPoints) throw used("points", maxPoints, "max_points");
      requests += 1;
    },
    points(cost) {
      points += cost;
    },
  };
}

function used(what: string, limit: number, key: string): CmoError {
  return new CmoError("limit_reached", `The campaign has used its ${limit} ${what}.`, {
    hint: `Raise limits.${key}, or ask for less.`,
    retryable: false,
  });
}
