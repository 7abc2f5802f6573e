import { createClock } from "@cmo/engine";
import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { asOf, joinEngine, openSimulated, runToEnd, specOf } from "./campaign.ts";

const config = {
  params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 40 },
  default_icp: { topics: [] },
  limits: { people_per_repo: 4 },
};

describe("S01 a campaign against the simulator", () => {
  it("gives the same in the process and over a port", async () => {
    const inside = openSimulated({ seed: 5 });
    const here = await runToEnd(joinEngine(inside), specOf(config));
    expect(here.summary.status).toBe("completed");
    expect(here.leads.length).toBeGreaterThan(10);

    const simulator = createGitHubSimulator({ seed: 5, repositories: 300, asOf });
    const listening = await listenGitHubSimulator(simulator);
    onTestFinished(() => listening.close());
    const engine = joinEngine({
      clock: createClock(globalThis),
      fetch: (url, init) => fetch(url, init),
      apiUrl: listening.url,
    });
    const there = await runToEnd(engine, specOf(config));
    expect(there.comparable).toEqual(here.comparable);
    expect(simulator.stats().requests).toBe(inside.simulator.stats().requests);
  });

  it("S02 gives the same 20 times, however many requests run at once", async () => {
    const first = await runToEnd(joinEngine(openSimulated({ seed: 5 })), specOf(config));
    for (let run = 1; run < 20; run += 1) {
      const simulated = openSimulated({ seed: 5, latencyMs: (run % 4) * 70 });
      const engine = joinEngine({ ...simulated, concurrency: 1 + (run % 6) });
      expect((await runToEnd(engine, specOf(config))).comparable).toEqual(first.comparable);
      expect(simulated.simulator.stats().peakConcurrency).toBeLessThanOrEqual(1 + (run % 6));
    }
  });

  it("takes few requests: 200 repositories and 5 people each in at most 60, and 80 points", async () => {
    const { simulator, ...simulated } = openSimulated({ repositories: 400 });
    const wide = specOf({
      params: { stars_range: ">=1", activity_days: 365, target_leads: 5_000 },
      limits: { max_repos: 200, people_per_repo: 5 },
    });
    const { summary } = await runToEnd(joinEngine(simulated), wide);
    expect(summary.counts.reposMatched).toBe(200);
    expect(summary.counts.candidates).toBeGreaterThan(500);
    const stats = simulator.stats();
    expect(stats.requests).toBeLessThanOrEqual(60);
    expect(stats.points).toBeLessThanOrEqual(80);
    expect(stats.requestsWhileLimited).toBe(0);
    expect(stats.peakConcurrency).toBeLessThanOrEqual(2);
    expect(summary.quota.requests).toBe(stats.requests);
    expect(summary.quota.points).toBe(stats.points);
  });
});
