import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock, type JobSpec, memorySink, withoutFetchTimes } from "@cmo/engine";
import { buildCampaign } from "@cmo/engine/testing";
import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testHost } from "../../test/support/test-host.ts";
import type { Host } from "../host/host.ts";
import { createRuntime } from "../runtime/create-runtime.ts";
import { createCampaignSpec } from "./create-campaign-spec.ts";
import { runCampaign } from "./run-campaign.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-runtime-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const simulated = {
  params: { language: "Go", stars_range: ">=10", target_leads: 8 },
  source: { type: "simulator", seed: 7, repositories: 300 },
};

async function run(
  config: Readonly<Record<string, unknown>>,
  host: Partial<Host> = {},
  spec: Partial<JobSpec> = {},
) {
  const runtime = createRuntime({ host: testHost(host) });
  const { sink, events } = memorySink();
  const resolved = await createCampaignSpec(runtime, { config: buildCampaign(config) });
  const result = await runCampaign(runtime, {
    spec: { ...resolved, ...spec },
    sinks: [sink],
    signal: new AbortController().signal,
    directory: folder,
    presets: ["hubspot"],
  });
  return { ...result, events, runtime };
}

describe("A campaign against the simulator", () => {
  it("S03 S04 writes files named by the job, whose rows are the counts of the summary", async () => {
    const { summary, files } = await run(simulated);
    expect(summary).toMatchObject({ status: "completed", ok: true });
    expect(summary.counts.contactable).toBeGreaterThan(0);
    const id = summary.jobId;
    expect((await readdir(folder)).sort()).toEqual(
      [`${id}_leads.csv`, `${id}_leads.json`, `${id}_leads_hubspot.csv`, `${id}_summary.json`].sort(),
    );
    const stored = JSON.parse(await readFile(join(folder, `${id}_summary.json`), "utf8"));
    expect(stored).toEqual(JSON.parse(JSON.stringify(summary)));
    const leads = JSON.parse(await readFile(join(folder, `${id}_leads.json`), "utf8"));
    expect(leads.count).toBe(summary.counts.leads);
    expect(leads.leads).toHaveLength(leads.count);
    expect(leads.leads.filter((lead: { contactable: boolean }) => lead.contactable)).toHaveLength(
      summary.counts.contactable ?? -1,
    );
    expect(files.map(({ rows }) => rows)).toEqual([
      null,
      leads.count,
      leads.count,
      summary.counts.contactable,
    ]);
  });

  it("describes in its log the very files that are written", async () => {
    const { summary, files } = await run(simulated);
    for (const artifact of summary.artifacts) {
      const file = files.find(({ path }) => path.endsWith(artifact.name));
      expect(file).toMatchObject({ bytes: artifact.bytes, rows: artifact.rows });
    }
    expect(summary.artifacts.map(({ kind }) => kind)).toEqual(["leads_json", "leads_csv"]);
  });

  it("gives the same leads over HTTP, against a simulator on a port", async () => {
    // Both look from one instant: who is scored later is another one, and after midnight so is the world.
    const now = Date.parse("2030-06-15T12:00:00.000Z");
    const clock = { now: () => now, sleep: createClock(globalThis).sleep };
    const { summary, runtime } = await run(simulated, { clock });
    const here = await leadsOf(runtime, summary.jobId);
    const simulator = createGitHubSimulator({ seed: 7, repositories: 300, asOf: "2030-06-15T00:00:00.000Z" });
    const listening = await listenGitHubSimulator(simulator);
    try {
      const overHttp = await run(
        { ...simulated, source: "github" },
        {
          clock,
          env: { GITHUB_API_URL: listening.url, GITHUB_TOKEN: "stand-in" },
          fetch: (url, init) => fetch(url, init),
        },
      );
      expect(overHttp.summary).toMatchObject({ status: "completed" });
      expect(await leadsOf(overHttp.runtime, overHttp.summary.jobId)).toEqual(here);
      expect(here.length).toBeGreaterThan(5);
    } finally {
      await listening.close();
    }
  });

  it("never enriches or exports whom the config suppresses", async () => {
    const { summary, runtime } = await run(simulated);
    const [first] = await leadsOf(runtime, summary.jobId);
    const without = await run({ ...simulated, suppress: [first?.login] });
    const logins = (await leadsOf(without.runtime, without.summary.jobId)).map(({ login }) => login);
    expect(logins).not.toContain(first?.login);
    expect(logins.length).toBeGreaterThan(0);
    expect(JSON.stringify(without.events)).not.toContain(`"${first?.login}"`);
  });

  it("S24 writes nothing and asks nothing when it is dry", async () => {
    const { summary, files, events } = await run({ ...simulated, features: { dry_run: true } });
    expect(summary).toMatchObject({ status: "completed", quota: { requests: 0 } });
    expect(files).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "job.completed", data: { dryRun: true } });
  });
});

describe("A campaign against GitHub", () => {
  it("S26 fails without a token, and says which variable to set", async () => {
    const { summary, events } = await run({ source: "github" });
    expect(summary).toMatchObject({ status: "failed", ok: false });
    expect(summary.errors[0]).toMatchObject({
      code: "unauthenticated",
      hint: expect.stringContaining("GITHUB_TOKEN"),
    });
    expect(events.at(-1)).toMatchObject({ type: "job.failed" });
  });

  it("S42 asks only the host that the environment names", async () => {
    const asked = new Set<string>();
    const answer = async (url: string) => {
      asked.add(new URL(url).origin);
      return new Response(JSON.stringify({ message: "Bad credentials" }), { status: 401 });
    };
    const env = { GITHUB_TOKEN: "canary-token", GITHUB_API_URL: "https://git.works.example/api/v3" };
    const { summary } = await run({ source: "github" }, { env, fetch: answer });
    expect([...asked]).toEqual(["https://git.works.example"]);
    expect(summary.errors[0]?.code).toBe("unauthenticated");
    expect(JSON.stringify(summary)).not.toContain("canary-token");
  });
});

async function leadsOf(runtime: ReturnType<typeof createRuntime>, jobId: string | null) {
  const leads = [];
  // The asking itself differs in time; everything else is the same.
  for await (const lead of runtime.engine.leads(jobId ?? "")) leads.push(withoutFetchTimes(lead));
  return leads;
}
