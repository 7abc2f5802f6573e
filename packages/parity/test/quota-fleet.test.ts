import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { RunningCmo } from "@cmo/command";
import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FleetFront, openFleetFront } from "./fleet-front.ts";
import { type BoardMoment, keepQuotaHistory, limitOf } from "./quota-history.ts";
import { endAll, startWorker } from "./start-worker.ts";

const isLong = process.env.CMO_TORTURE === "1";
const leaseMs = 3_000;
/** How many requests at once: of each job, and so of the token. */
const concurrency = 3;
const limits = { pointsPerHour: 10, hourMs: 4_000 };
const world = { seed: 7, repositories: 300, asOf: `${new Date().toISOString().slice(0, 10)}T00:00:00Z` };

describe("Workers that share one token", () => {
  let folder: string;
  let postgres: PostgresServer;
  let front: FleetFront;
  let quiet: Awaited<ReturnType<typeof listenGitHubSimulator>>;
  const all: RunningCmo[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-token-"));
    postgres = await startPostgres();
    // The same world without limits, for the run to which nothing happens.
    quiet = await listenGitHubSimulator(createGitHubSimulator(world));
    const env = { GITHUB_API_URL: quiet.url, GITHUB_TOKEN: "stand-in" };
    front = await openFleetFront({ store: postgres.url, folder, env });
  });
  afterAll(async () => {
    await endAll(all);
    await front.close();
    await quiet.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    "S27 keep its limits together, also when they are killed: none starts a request that a limit forbids, nor too many at once",
    async () => {
      const simulator = createGitHubSimulator({
        ...world,
        latencyMs: 60,
        limits,
        faults: [
          { fault: "secondary_limit", at: 8, retryAfterSeconds: 2 },
          { fault: "rate_limited", at: 14, resetAfterSeconds: 2 },
          { fault: "too_many_requests", every: 25, retryAfterSeconds: 1 },
        ],
      });
      const used: number[] = [];
      const listening = await listenGitHubSimulator({
        async fetch(input, init) {
          const response = await simulator.fetch(input, init);
          used.push(Number(response.headers.get("x-ratelimit-used")));
          return response;
        },
      });
      const history = await keepQuotaHistory(postgres.url);
      const ids = await Promise.all(
        Array.from({ length: isLong ? 20 : 3 }, (_, job) => front.submit(configOf(job))),
      );
      const start = async () => {
        const home = join(folder, `home-${all.length}`);
        const env = { GITHUB_API_URL: listening.url, GITHUB_TOKEN: "stand-in" };
        all.push(await startWorker({ home, store: postgres.url, leaseMs, env }));
      };
      await Promise.all([start(), start(), start()]);
      let isOver = false;
      const over = Promise.all(ids.map((jobId) => front.read(jobId))).finally(() => {
        isOver = true;
      });
      for (let kill = 0; kill < (isLong ? 8 : 1); kill += 1) {
        // Each in the middle of its work, and after a limit was met.
        const asked = simulator.stats().requests + 9;
        while (simulator.stats().requests < asked && !isOver) await wait(20);
        await endAll(all.slice(kill, kill + 1));
        await start();
      }
      await over;
      const moments = await history.read();
      await history.close();
      const told = () => `${JSON.stringify(simulator.stats())}\n${all.map((one) => one.said()).join("\n")}`;
      await front.expectUndisturbed(ids, told);

      const statistics = simulator.stats();
      expect(statistics.limitAnswers, told()).toBeGreaterThan(1);
      // What the token has was used up, and never overdrawn.
      expect(Math.max(...used), told()).toBe(limits.pointsPerHour);
      expect(statistics.peakConcurrency, told()).toBeLessThanOrEqual(concurrency);
      // Every request had a leave of its own, and no leave was given while a limit was known to anybody.
      const given = moments.flatMap(newLeaves);
      expect(statistics.requests).toBeLessThanOrEqual(given.length);
      expect(given.filter(({ at, forbiddenUntil }) => at < forbiddenUntil)).toEqual([]);
      for (const { state } of moments) expect(state.held.length).toBeLessThanOrEqual(concurrency);
      // What the source sees after a limit: only requests that had their leave when the first answer told of it, since
      // a leave cannot be called back from another process. Those are all that were held then, but the one that told.
      const atLimits = moments.filter(isLimitMet).map(({ state }) => state.held.length);
      const hadLeave = atLimits.reduce((sum, held) => sum + held, 0);
      expect(statistics.requestsWhileLimited, told()).toBeLessThanOrEqual(hadLeave);
      await endAll(all);
      await listening.close();
    },
    isLong ? 1_800_000 : undefined,
  );
});

/** Leaves that were given at a moment, each with the instant before which none should have been. */
function newLeaves({ at, state }: BoardMoment, place: number, moments: readonly BoardMoment[]) {
  const before = moments[place - 1]?.state;
  const known = new Set(before?.held.map(({ id }) => id));
  return state.held
    .filter(({ id }) => !known.has(id))
    .map(({ id, resource }) => ({
      id,
      at,
      forbiddenUntil: before === undefined ? 0 : limitOf(before, resource),
    }));
}

/** Whether somebody has just told of a limit. */
function isLimitMet({ at, state }: BoardMoment, place: number, moments: readonly BoardMoment[]): boolean {
  const before = moments[place - 1]?.state;
  const until = limitOf(state, "graphql");
  return until > at && (before === undefined || limitOf(before, "graphql") <= at);
}

function configOf(job: number) {
  return {
    name: `token ${job}`,
    params: { language: "Go", stars_range: `>=${10 + job}`, activity_days: 365, target_leads: 15 },
    source: { type: "github", concurrency, mail: "none" },
  };
}
