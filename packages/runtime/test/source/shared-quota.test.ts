import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore, type JobEvent } from "@cmo/engine";
import { buildCampaign, createFakeClock, seededRandom } from "@cmo/engine/testing";
import {
  createGitHubSimulator,
  createSimulatorMail,
  listenGitHubSimulator,
  type SimulatorOptions,
} from "@cmo/github-simulator";
import { createSqliteStore } from "@cmo/store-sqlite";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createCampaignSpec } from "../../src/campaign/create-campaign-spec.ts";
import { createRuntime } from "../../src/runtime/create-runtime.ts";
import { type BuiltProgram, buildProgram } from "../support/build-program.ts";
import { testHost } from "../support/test-host.ts";

const asOf = "2026-11-01T00:00:00.000Z";
const campaign = {
  version: "1",
  params: { language: "Go", stars_range: ">=10", target_leads: 12 },
  pushed_since: "2026-09-01",
};

describe("S27 two jobs of one process", () => {
  it.each([
    ["in memory", "memory"],
    ["on a disk", "disk"],
  ])("share one quota, each with its own number of requests at once, with jobs %s", async (_, place) => {
    const clock = createFakeClock({ now: asOf, auto: true });
    const simulator = createGitHubSimulator({
      seed: 7,
      repositories: 300,
      asOf,
      latencyMs: 300,
      faults: [{ fault: "secondary_limit", at: 5, retryAfterSeconds: 40 }],
      clock,
    });
    const folder = await temporaryFolder();
    const store =
      place === "disk"
        ? await createSqliteStore({ path: join(folder, "cmo.db"), clock, pollMs: 3_600_000 })
        : createMemoryStore({ clock, random: seededRandom(3) });
    let transactions = 0;
    const counting: typeof store = {
      ...store,
      updateShared: (name, decide) => {
        if (name.startsWith("quota:")) transactions += 1;
        return store.updateShared(name, decide);
      },
    };
    const host = testHost({
      clock,
      env: { GITHUB_API_URL: "https://api.github.example", GITHUB_TOKEN: "stand-in", CMO_CACHE: "off" },
      fetch: (url, init) => simulator.fetch(url, init),
    });
    const runtime = createRuntime({ host, store: counting, dnsMail: createSimulatorMail() });
    onTestFinished(() => runtime.close());
    const ids = await Promise.all(
      [1, 3].map(async (concurrency) => {
        const source = { type: "github", concurrency };
        const config = buildCampaign({ ...campaign, name: `with ${concurrency}`, source });
        const { id } = await runtime.engine.submit(await createCampaignSpec(runtime, { config }));
        return id;
      }),
    );
    await Promise.all(ids.map((id) => runtime.engine.attend(id)));
    const logs = await Promise.all(ids.map((id) => store.readEvents(id, 0, 100_000)));
    for (const id of ids) expect(await runtime.engine.job(id)).toMatchObject({ status: "completed" });
    const { peakConcurrency, requestsWhileLimited, limitAnswers, requests } = simulator.stats();
    expect(peakConcurrency).toBeLessThanOrEqual(3);
    expect(limitAnswers).toBeGreaterThan(0);
    expect(requestsWhileLimited).toBe(0);
    // Both of them show that they wait, whoever met the limit.
    expect(logs.map((log) => waits(log).includes("secondary_limit"))).toEqual([true, true]);
    if (place === "memory") expect(transactions).toBe(0);
    else expect(transactions).toBeGreaterThanOrEqual(2 * requests);
  });
});

describe("S27 two processes on one store", () => {
  let program: BuiltProgram;
  beforeAll(async () => {
    program = await buildProgram(new URL("campaign-process.ts", import.meta.url));
  });
  afterAll(() => program.remove());

  it("keep to one number of requests at once, and wait together for the limit that one of them met", async () => {
    const alone = await runProcesses([{}], {});
    const faults: SimulatorOptions["faults"] = [
      { fault: "secondary_limit", at: 4, retryAfterSeconds: 2 },
      { fault: "rate_limited", at: 9, resetAfterSeconds: 2 },
    ];
    const together = await runProcesses([{}, {}, {}], { faults });
    for (const { status, logins } of together.results) {
      expect(status).toBe("completed");
      expect(logins).toEqual(alone.results[0]?.logins);
    }
    expect(together.statistics.peakConcurrency).toBeLessThanOrEqual(2);
    expect(together.statistics.limitAnswers).toBeGreaterThanOrEqual(2);
    // What was on its way, or had its leave, when a limit was met cannot be called back.
    expect(together.statistics.requestsWhileLimited).toBeLessThanOrEqual(together.statistics.limitAnswers);
    expect(together.results.some(({ quota }) => quota.waitedMs > 0)).toBe(true);
  });

  async function runProcesses(
    environments: readonly Readonly<Record<string, string>>[],
    simulated: SimulatorOptions,
  ) {
    const simulator = createGitHubSimulator({
      seed: 7,
      repositories: 300,
      asOf,
      latencyMs: 60,
      ...simulated,
    });
    const listening = await listenGitHubSimulator(simulator);
    const folder = await temporaryFolder();
    try {
      const results = await Promise.all(
        environments.map(async (env, index) => {
          const source = { type: "github", concurrency: 2, mail: "none" };
          const config = JSON.stringify({ ...campaign, name: `process ${index}`, source });
          const child = spawn(process.execPath, [program.path, config, asOf], {
            stdio: ["ignore", "pipe", "pipe"],
            env: {
              HOME: folder,
              GITHUB_API_URL: listening.url,
              GITHUB_TOKEN: "stand-in",
              CMO_STORE: join(folder, "cmo.db"),
              CMO_CACHE: "off",
              ...env,
            },
          });
          let output = "";
          let complaints = "";
          child.stdout.on("data", (chunk) => {
            output += chunk;
          });
          child.stderr.on("data", (chunk) => {
            complaints += chunk;
          });
          await once(child, "close");
          expect(complaints).toBe("");
          return JSON.parse(output) as { status: string; quota: { waitedMs: number }; logins: string[] };
        }),
      );
      return { results, statistics: simulator.stats() };
    } finally {
      await listening.close();
    }
  }
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-quota-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function waits(log: readonly JobEvent[]): unknown[] {
  return log.filter(({ type }) => type === "quota.waiting").map(({ data }) => data.reason);
}
