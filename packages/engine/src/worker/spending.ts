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
      check(requests, maxRequests, "max_requests");
      check(points, maxPoints, "max_points");
      requests += 1;
    },
    points(cost) {
      points += cost;
    },
  };
}

function check(spent: number, limit: number | null, key: string): void {
  if (limit === null || spent < limit) return;
  throw new CmoError("limit_reached", `The job has used up limits.${key}: ${limit}.`, {
    hint:
      limit === 0
        ? "It may ask nothing, as a fork: let it, with --allow-requests, or change less."
        : "Raise the limit, or ask for less.",
  });
}
