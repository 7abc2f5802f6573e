import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Job, memorySink } from "@cmo/engine";
import { buildCampaign } from "@cmo/engine/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testHost } from "../../test/support/test-host.ts";
import { createCampaignSpec } from "../campaign/create-campaign-spec.ts";
import { resumeCampaign } from "../campaign/resume-campaign.ts";
import { runCampaign } from "../campaign/run-campaign.ts";
import { renderLeads } from "../export/render-leads.ts";
import { openRuntime } from "./open-runtime.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-store-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const simulated = {
  params: { language: "Go", stars_range: ">=10", target_leads: 8 },
  source: { type: "simulator", seed: 7, repositories: 300 },
};

function open(env: Readonly<Record<string, string>> = {}, observer = {}) {
  return openRuntime({ host: testHost({ env, cwd: folder, home: folder }), observer });
}

const never = new AbortController().signal;

describe("openRuntime", () => {
  it("keeps jobs in a file of the person's own, which outlives the runtime", async () => {
    const first = await open();
    expect(first.location).toEqual({ type: "file", path: join(folder, ".local/share/cmo/cmo.db") });
    const spec = await createCampaignSpec(first, { config: buildCampaign(simulated) });
    const { id } = await first.engine.submit(spec);
    await first.close();
    const second = await open({ CMO_STORE: ".local/share/cmo/cmo.db" });
    expect(await second.engine.job(id)).toMatchObject({ id, status: "queued", spec });
    await second.close();
    const { mode } = await stat(join(folder, ".local/share/cmo/cmo.db"));
    expect(mode & 0o077).toBe(0);
  });

  it("keeps nothing in memory but for itself, and needs no home for it", async () => {
    const host = Object.defineProperty(testHost(), "home", {
      get: () => {
        throw new Error("nobody knows it");
      },
    });
    const runtime = await openRuntime({ host, location: "memory" });
    expect(runtime.store.durable).toBe(false);
    await runtime.close();
    await expect(openRuntime({ host })).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("--store memory"),
    });
  });

  it.each(["0", "999", "1e4", "soon", "3600001"])("refuses a lease of %j", async (text) => {
    await expect(open({ CMO_STORE: "memory", CMO_LEASE_MS: text })).rejects.toMatchObject({
      code: "config_invalid",
      hint: expect.stringContaining("1000"),
    });
  });

  it.each([
    ["CMO_JOBS_PER_TENANT", "0"],
    ["CMO_JOBS_PER_QUOTA", "many"],
    ["CMO_JOBS_PER_TENANT", "1.5"],
  ])("refuses %s=%s", async (name, text) => {
    await expect(open({ CMO_STORE: "memory", [name]: text })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(name),
    });
  });

  it.each([
    ["CMO_JOBS_PER_TENANT", 1],
    ["CMO_JOBS_PER_QUOTA", 4],
  ])("works on no more jobs at once than %s allows, and on all of them", async (name, most) => {
    let running = 0;
    let greatest = 0;
    const observer = {
      onTaken() {
        running += 1;
        greatest = Math.max(greatest, running);
      },
      onReleased() {
        running -= 1;
      },
    };
    const runtime = await open({ CMO_STORE: "memory", [name]: "1" }, observer);
    const spec = await createCampaignSpec(runtime, { config: buildCampaign(simulated) });
    const jobs = await Promise.all(Array.from({ length: 4 }, () => runtime.engine.submit(spec)));
    const stop = new AbortController();
    const working = runtime.engine.startWorker({ concurrency: 4, signal: stop.signal });
    for (const { id } of jobs) for await (const _event of runtime.engine.watch(id));
    stop.abort();
    await working;
    if (most === 1) expect(greatest).toBe(1);
    // Simulated jobs share no quota.
    else expect(greatest).toBeGreaterThan(1);
    await runtime.close();
  });

  it("refuses a file that is no store, and leaves it as it is", async () => {
    await writeFile(join(folder, "notes.txt"), "not a database, and not empty either");
    await expect(open({ CMO_STORE: "notes.txt" })).rejects.toMatchObject({ code: "store_corrupt" });
  });

  it("tells of the jobs that it takes and lets go", async () => {
    const told: string[] = [];
    const runtime = await open(
      { CMO_STORE: "memory" },
      {
        onTaken: (job: Job) => told.push(`taken ${job.epoch}`),
        onReleased: (job: Job) => told.push(job.status),
      },
    );
    const spec = await createCampaignSpec(runtime, { config: buildCampaign(simulated) });
    await runCampaign(runtime, { spec, sinks: [], signal: never, directory: folder });
    await runtime.close();
    expect(told).toEqual(["taken 1", "completed"]);
  });
});

describe("resumeCampaign", () => {
  it("S17 goes on with a job that was paused, shows it from its start, and then writes its files", async () => {
    const runtime = await open({ CMO_STORE: "disk" });
    const spec = await createCampaignSpec(runtime, { config: buildCampaign(simulated) });
    const stop = new AbortController();
    const pausing = await runCampaign(runtime, {
      spec,
      sinks: [(event) => void (event.type === "stage.started" && stop.abort())],
      signal: stop.signal,
      directory: folder,
    });
    expect(pausing).toMatchObject({ summary: { status: "paused", ok: null }, files: [] });
    const jobId = pausing.summary.jobId ?? "";

    const { sink, events } = memorySink();
    const resumed = await resumeCampaign(runtime, { jobId, sinks: [sink], signal: never, directory: folder });
    expect(resumed.summary).toMatchObject({ jobId, status: "completed", attempts: 1 });
    expect(resumed.files).toHaveLength(3);
    expect(events[0]).toMatchObject({ seq: 1, type: "job.queued" });
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["job.paused", "job.resumed"]));

    const again = resumeCampaign(runtime, { jobId, sinks: [], signal: never, directory: folder });
    await expect(again).rejects.toMatchObject({
      code: "conflict",
      hint: expect.stringContaining(`cmo export ${jobId}`),
    });
    await runtime.close();
  });

  it("knows no job that is not there", async () => {
    const runtime = await open({ CMO_STORE: "disk" });
    const resuming = resumeCampaign(runtime, {
      jobId: "job_x",
      sinks: [],
      signal: never,
      directory: folder,
    });
    await expect(resuming).rejects.toMatchObject({ code: "not_found" });
    await runtime.close();
  });
});

describe("renderLeads", () => {
  it("gives so many of those who are wanted, and counts these", async () => {
    const runtime = await open({ CMO_STORE: "disk" });
    const spec = await createCampaignSpec(runtime, { config: buildCampaign(simulated) });
    const { summary } = await runCampaign(runtime, { spec, sinks: [], signal: never, directory: folder });
    const render = async (options: { contactable?: boolean; limit?: number }) => {
      let text = "";
      const wanted = { engine: runtime.engine, jobId: summary.jobId ?? "", format: "json", ...options };
      for await (const piece of renderLeads(wanted)) text += piece;
      return JSON.parse(text);
    };
    expect(await render({ limit: 0 })).toEqual({ count: 0, leads: [] });
    expect((await render({ limit: 2 })).leads).toHaveLength(2);
    const contactable = await render({ contactable: true });
    expect(contactable.count).toBe(summary.counts.contactable);
    expect(contactable.leads.every((lead: { contactable: boolean }) => lead.contactable)).toBe(true);
    expect((await render({})).count).toBe(summary.counts.leads);
    await runtime.close();
  });
});
