import type { FaultRule } from "@cmo/github-simulator";
import { describe, expect, it } from "vitest";
import { joinEngine, openSimulated, runToEnd, specOf } from "./campaign.ts";

const spec = specOf({
  params: { stars_range: ">=5", activity_days: 365, target_leads: 60 },
  limits: { max_repos: 150, people_per_repo: 3 },
  retries: { max_attempts: 3 },
});

async function runWith(faults: readonly FaultRule[], of = spec) {
  const { simulator, ...simulated } = openSimulated({ seed: 9, faults });
  const outcome = await runToEnd(joinEngine(simulated), of);
  return { ...outcome, stats: simulator.stats() };
}

const passing: [string, FaultRule[]][] = [
  ["bad gateways", [{ fault: "bad_gateway", every: 4 }]],
  ["connections that are reset", [{ fault: "socket_reset", every: 5 }]],
  ["slow answers", [{ fault: "slow", every: 3, delayMs: 4_000 }]],
  ["answers slower than anybody waits", [{ fault: "slow", at: 6, delayMs: 60_000 }]],
  ["partial answers", [{ fault: "resource_limits", every: 1, times: 1, operation: "people" }]],
  ["partial histories", [{ fault: "resource_limits", every: 3, operation: "history" }]],
  ["a quota that is used up", [{ fault: "rate_limited", at: 5, resetAfterSeconds: 90 }]],
  ["a secondary limit", [{ fault: "secondary_limit", at: 4 }]],
  ["a secondary limit that says no time", [{ fault: "secondary_limit", at: 4, retryAfterSeconds: null }]],
  ["too many requests", [{ fault: "too_many_requests", every: 6, retryAfterSeconds: 2, times: 3 }]],
  ["queries that died on the clock", [{ fault: "timeout_message", every: 4 }]],
  [
    "all of these",
    [
      { fault: "bad_gateway", every: 7 },
      { fault: "socket_reset", every: 11 },
      { fault: "too_many_requests", at: 3 },
      { fault: "timeout_message", every: 9, operation: "people" },
      { fault: "resource_limits", every: 5, operation: "history" },
      { fault: "rate_limited", at: 12, resetAfterSeconds: 30 },
    ],
  ],
];

describe("S26 S27 a campaign whose source fails for a while", () => {
  it.each(passing)("comes to the same as without: %s", async (_name, faults) => {
    const calm = await runWith([]);
    expect(calm.summary.status).toBe("completed");
    const { comparable, summary, stats, events } = await runWith(faults);
    expect(Object.values(stats.byFault).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    expect(comparable).toEqual(calm.comparable);
    expect(stats.requestsWhileLimited).toBe(0);
    expect(stats.peakConcurrency).toBeLessThanOrEqual(2);
    expect(summary.quota.requests).toBe(stats.requests);
    if (stats.limitAnswers > 0) {
      expect(summary.quota.waitedMs).toBeGreaterThan(0);
      expect(events.some((event) => event.type === "quota.waiting")).toBe(true);
    }
  });

  it("gives the same leads when addresses have to be read one by one, and says what that costs", async () => {
    const calm = await runWith([]);
    const { leads, summary, stats } = await runWith([{ fault: "missing_scope" }]);
    const known = (list: typeof leads) =>
      list.map(({ login, email, score, rank }) => ({ login, email, score, rank }));
    expect(known(leads)).toEqual(known(calm.leads));
    expect(
      leads
        .filter(({ email }) => email !== null)
        .every((lead) => lead.emailSource === "github.rest.user.email"),
    ).toBe(true);
    expect(summary.warnings.map(({ code }) => code)).toContain("source.scope.email");
    expect(stats.restRequests).toBeGreaterThan(100);
  });
});

describe("S28 a campaign in which accounts are gone", () => {
  it("loses these and nobody else", async () => {
    const calm = await runWith([]);
    const lost = calm.leads.filter((_lead, index) => index % 5 === 2).map(({ nodeId }) => nodeId);
    const { leads, summary } = await runWith([{ fault: "not_found_ids", operation: "people", ids: lost }]);
    expect(summary.status).toBe("completed");
    expect(summary.counts.drops.gone).toBe((calm.summary.counts.drops.gone ?? 0) + lost.length);
    const left = new Set(leads.map(({ nodeId }) => nodeId));
    expect(lost.some((id) => left.has(id))).toBe(false);
    if (summary.counts.reposOpened === calm.summary.counts.reposOpened) {
      expect(leads.map(({ nodeId }) => nodeId).sort()).toEqual(
        calm.leads
          .map(({ nodeId }) => nodeId)
          .filter((id) => !lost.includes(id))
          .sort(),
      );
    }
  });
});

describe("S26 a campaign whose token is no longer good", () => {
  it("fails with the reason, keeps what it has and exports it as partial", async () => {
    const large = specOf({ params: { stars_range: ">=5", activity_days: 365, target_leads: 5_000 } });
    const { summary, leads, events, stats } = await runWith([{ fault: "revoked_token", at: 20 }], large);
    expect(summary).toMatchObject({ status: "failed", ok: false, partial: true, attempts: 1 });
    const error = summary.errors.at(-1);
    expect(error?.code).toBe("unauthenticated");
    expect(`${error?.message} ${error?.hint}`).toContain("GITHUB_TOKEN");
    expect(leads.length).toBeGreaterThan(0);
    expect(summary.counts.leads).toBe(leads.length);
    expect(summary.artifacts.every(({ partial, rows }) => partial && rows === leads.length)).toBe(true);
    expect(events.filter(({ type }) => type === "job.failed")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("job.failed");
    // What was in flight may still be answered; nothing is asked after that.
    expect(stats.requests).toBeLessThanOrEqual(22);
    expect(JSON.stringify(events)).not.toContain("simulated");
  });

  it("fails at the first request when it never was", async () => {
    const { summary, leads, stats } = await runWith([{ fault: "revoked_token", at: 1 }]);
    expect(summary).toMatchObject({ status: "failed", ok: false });
    expect(summary.errors.at(-1)?.code).toBe("unauthenticated");
    expect(leads).toEqual([]);
    expect(stats.requests).toBe(1);
  });

  it.each([
    ["forbidden", "missing_scope"],
    ["redirect", undefined],
  ] as const)("fails at once on %s", async (fault, code) => {
    const { summary, stats } = await runWith([{ fault, operation: "search", at: 1 }]);
    expect(summary).toMatchObject({ status: "failed", attempts: 1 });
    if (code !== undefined) expect(summary.errors.at(-1)?.code).toBe(code);
    expect(stats.byOperation.search?.requests).toBe(1);
  });
});
