import { describe, expect, it } from "vitest";
import { joinEngine, openSimulated, runToEnd, specOf } from "./campaign.ts";

const params = { stars_range: ">=5", activity_days: 365, target_leads: 400 };

async function runWithin(limits: Record<string, number>) {
  const { simulator, ...simulated } = openSimulated({ seed: 9 });
  const spec = specOf({ params, limits: { max_repos: 150, ...limits } });
  const outcome = await runToEnd(joinEngine(simulated), spec);
  return { ...outcome, stats: simulator.stats() };
}

describe("S23 the limits of what a campaign may ask", () => {
  it("max_requests ends it at the last request that was allowed, and keeps what was found", async () => {
    const { summary, leads, stats, events } = await runWithin({ max_requests: 15 });
    expect(stats.requests).toBe(15);
    expect(summary).toMatchObject({ status: "failed", ok: false, partial: true, attempts: 1 });
    expect(summary.errors.at(-1)).toMatchObject({
      code: "limit_reached",
      message: "The job has used up limits.max_requests: 15.",
      hint: "Raise the limit, or ask for less.",
    });
    expect(summary.quota.requests).toBe(15);
    expect(leads.length).toBeGreaterThan(0);
    expect(events.at(-1)?.type).toBe("job.failed");
  });

  it("max_points does the same for points", async () => {
    const { summary, stats } = await runWithin({ max_points: 12 });
    expect(summary.errors.at(-1)).toMatchObject({ code: "limit_reached" });
    // What is in flight when the last point is spent is still paid for.
    expect(stats.points).toBeLessThanOrEqual(13);
  });

  it("changes nothing for a campaign that stays below them", async () => {
    const free = await runWithin({});
    const within = await runWithin({ max_requests: 1_000, max_points: 1_000 });
    expect(within.summary.status).toBe("completed");
    expect(within.leads).toEqual(free.leads);
  });
});
