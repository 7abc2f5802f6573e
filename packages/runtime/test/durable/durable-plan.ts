import type { JobSpec } from "@cmo/engine";
import type { FaultRule } from "@cmo/github-simulator";
import type { RehearsalPlan } from "../../src/chaos/rehearsal.ts";
import { asOf, specOf } from "../campaign/campaign.ts";

/** How many requests a campaign here may have on their way at once. */
export const concurrency = 2;

/** The one job of a plan. */
export const jobId = "job_durable";

/** Two requests for repositories at once, and so few people that there is time for every effect to be the last one. */
export const smallSpec: JobSpec = specOf({
  params: { stars_range: ">=5", activity_days: 365, target_leads: 500 },
  limits: { max_repos: 12, people_per_repo: 1 },
  retries: { max_attempts: 3 },
});

/** A small campaign on a database file, in a world of sixty repositories. */
export function durablePlan(faults: readonly FaultRule[] = []): RehearsalPlan {
  return {
    jobId,
    specFor: async () => smallSpec,
    now: Date.parse(asOf),
    simulator: { seed: 5, repositories: 60, asOf, latencyMs: 40, faults },
    concurrency,
    mail: "simulator",
    store: "sqlite",
    seed: 1,
  };
}
