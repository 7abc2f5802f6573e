import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, createClock, type RunSummary } from "@cmo/engine";
import { createNodeHost, type Host, openRuntime, openTelemetry, type StoredRuntime } from "@cmo/runtime";
import { afterEach, describe, expect, it } from "vitest";
import { apiPartsOf, createApp } from "../../src/index.ts";
import { createApiMetrics } from "../../src/operation/create-api-metrics.ts";
import { listen } from "../../src/server/listen.ts";
import { smallConfig } from "../support/api-place.ts";
import { createKeptLog } from "./log-lines.ts";
import { type Exposition, readExposition } from "./read-exposition.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-metrics-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server that counts, over the store in that folder: as many as are opened in it share the store. */
async function openServer(folder: string, { clock = createClock(globalThis) }: { clock?: Clock } = {}) {
  const env = { CMO_LEASE_MS: "600000" };
  const host: Host = { ...createNodeHost(), env, clock, home: folder, cwd: folder };
  let runtime: StoredRuntime | null = null;
  const metrics = createApiMetrics({
    store: () => {
      if (runtime === null) throw new Error("The store is not open yet.");
      return runtime.store;
    },
    clock: host.clock,
    version: "1.2.3",
  });
  const telemetry = await openTelemetry({
    host,
    log: createKeptLog().log,
    listeners: [metrics.runs],
  });
  const opened = await openRuntime({ host, location: join(folder, "cmo.db"), ...telemetry.hooks });
  runtime = opened;
  const parts = apiPartsOf(opened, { meter: metrics.meter });
  const listening = await listen(createApp(parts));
  closing.push(async () => {
    await listening.close();
    await parts.streams.close();
    await opened.close();
    await telemetry.close();
  });
  return {
    runtime: opened,
    async submit(more: object = {}) {
      return (await parts.service("local").submit({ config: { ...smallConfig, ...more } })).jobId;
    },
    async metrics(): Promise<Exposition> {
      // News of what was done is told a little later.
      for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      const answer = await fetch(`${listening.url}/metrics`);
      return readExposition(await answer.text());
    },
  };
}

/** What no other wait of a process is, so that a clock can tell an answer's from the others. */
const answerMs = 7_321;

/** A clock by which answers that take {@link answerMs} come when they are let, and not before. */
function createHoldingClock(): Clock & { letAnswers(): void } {
  const { now, sleep } = createClock(globalThis);
  const held = new Set<() => void>();
  return {
    now,
    sleep: (ms, signal) =>
      ms === answerMs ? new Promise<void>((resolve) => held.add(resolve)) : sleep(ms, signal),
    letAnswers() {
      for (const go of held) go();
      held.clear();
    },
  };
}

/** So many answers bring a campaign into the middle of its extraction. */
const answersOfHere = 3;

/** A clock by which so many answers that take {@link answerMs} come at once, and no others, but they can be given up. */
function createStoppingClock(answers: number): Clock & { readonly stopped: Promise<void> } {
  const { now, sleep } = createClock(globalThis);
  let left = answers;
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  return {
    now,
    stopped,
    sleep(ms, signal) {
      if (ms !== answerMs) return sleep(ms, signal);
      left -= 1;
      if (left >= 0) return sleep(0, signal);
      stop();
      return sleep(1_000_000_000, signal);
    },
  };
}

/** What a summary and a page of metrics both count. */
const counted = {
  requests: ["cmo_source_requests_total"],
  points: ["cmo_source_points_total"],
  cacheHits: ["cmo_cache_hits_total"],
  reposMatched: ["cmo_job_results_total", { result: "repositories_matched" }],
  reposOpened: ["cmo_job_results_total", { result: "repositories_opened" }],
  candidates: ["cmo_job_results_total", { result: "candidates" }],
  profiles: ["cmo_job_results_total", { result: "profiles" }],
  leads: ["cmo_job_results_total", { result: "leads" }],
  leadsWithEmail: ["cmo_job_results_total", { result: "leads_with_email" }],
  contactable: ["cmo_job_results_total", { result: "contactable" }],
} as const;

function countsOf(pages: readonly Exposition[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counted).map(([name, [metric, labels]]) => [
      name,
      pages.reduce((sum, page) => sum + (page.sum(metric, labels) ?? 0), 0),
    ]),
  );
}

function countsOfSummaries(summaries: readonly RunSummary[]): Record<string, number> {
  return Object.fromEntries(
    Object.keys(counted).map((name) => [
      name,
      summaries.reduce(
        (sum, { quota, counts }) => sum + Number({ ...quota, ...counts }[name as "leads"] ?? 0),
        0,
      ),
    ]),
  );
}

describe("the metrics of runs", () => {
  it("S03 count what the summaries count, and never fall while a campaign runs", async () => {
    const clock = createHoldingClock();
    const server = await openServer(await openFolder(), { clock });
    const jobId = await server.submit({ source: { ...smallConfig.source, latency_ms: answerMs } });
    const pages: Exposition[] = [];
    let isDone = false;
    const work = server.runtime.engine.attend(jobId).finally(() => {
      isDone = true;
    });
    // No answer comes before a page was read: however fast or slow all is, there is one between any two of them.
    while (!isDone) {
      pages.push(await server.metrics());
      clock.letAnswers();
    }
    const summary = await work;
    const last = await server.metrics();
    pages.push(last);

    expect(countsOf([last])).toEqual(countsOfSummaries([summary]));
    expect(summary.quota.requests).toBeGreaterThan(3);
    expect(summary.counts.leads).toBeGreaterThan(0);
    const requests = pages.map((page) => page.sum("cmo_source_requests_total") ?? 0);
    expect(requests).toEqual(requests.toSorted((one, other) => one - other));
    expect(pages.some((page) => page.sum("cmo_runs_active") === 1)).toBe(true);
    expect(last.sum("cmo_runs_active")).toBe(0);
    expect(last.sum("cmo_jobs_ended_total", { status: "completed", code: "none" })).toBe(1);
    expect(last.sum("cmo_jobs_ended_total")).toBe(1);
    expect(last.sum("cmo_jobs_submitted_total")).toBe(1);
    expect(last.sum("cmo_runs_taken_total")).toBe(1);
    expect(last.sum("cmo_job_duration_seconds_count", { status: "completed" })).toBe(1);
    for (const stage of ["discovery", "extraction", "enrichment", "validation", "scoring", "export"]) {
      expect(last.sum("cmo_stage_duration_seconds_count", { stage })).toBe(1);
    }
    expect(last.sum("cmo_quota_limit", { source: "simulator", resource: "graphql" })).toBe(5_000);
    const used = 5_000 - (last.sum("cmo_quota_remaining", { resource: "graphql" }) ?? 0);
    expect(used).toBe(summary.quota.points);
  });

  it("count what other jobs were told as hits, and not as requests", async () => {
    const server = await openServer(await openFolder());
    const first = await server.runtime.engine.attend(await server.submit());
    const second = await server.runtime.engine.attend(await server.submit({ name: "again" }));
    expect(second.quota.cacheHits).toBeGreaterThan(0);
    expect(countsOf([await server.metrics()])).toEqual(countsOfSummaries([first, second]));
  });

  it("S17 count nothing twice when a job is paused and goes on in another process", async () => {
    const folder = await openFolder();
    const clock = createStoppingClock(answersOfHere);
    const here = await openServer(folder, { clock });
    const there = await openServer(folder, { clock: createStoppingClock(Number.POSITIVE_INFINITY) });
    const jobId = await here.submit({ source: { ...smallConfig.source, latency_ms: answerMs } });
    const { engine } = here.runtime;
    const work = engine.attend(jobId);
    // It goes no further before it is paused, however late that is.
    await clock.stopped;
    await there.runtime.engine.pause(jobId);
    await work;
    expect((await engine.job(jobId))?.status).toBe("paused");
    expect(await here.runtime.store.readEvents(jobId, 0, 1_000)).toContainEqual(
      expect.objectContaining({
        type: "stage.started",
        data: expect.objectContaining({ stage: "extraction" }),
      }),
    );
    await engine.resume(jobId);
    const summary = await there.runtime.engine.attend(jobId);

    const pages = [await here.metrics(), await there.metrics()];
    expect(summary.ok).toBe(true);
    expect(countsOf(pages)).toEqual(countsOfSummaries([summary]));
    for (const page of pages) expect(page.sum("cmo_source_requests_total")).toBeGreaterThan(0);
    expect(pages.map((page) => page.sum("cmo_jobs_ended_total"))).toEqual([0, 1]);
    expect(pages.map((page) => page.sum("cmo_runs_taken_total"))).toEqual([1, 1]);
    expect(pages.map((page) => page.sum("cmo_jobs_submitted_total"))).toEqual([1, 0]);
  });

  it("count a job that was cancelled in the queue where that was asked for", async () => {
    const server = await openServer(await openFolder());
    await server.runtime.engine.cancel(await server.submit());
    const page = await server.metrics();
    expect(page.sum("cmo_jobs_ended_total", { status: "cancelled" })).toBe(1);
    expect(page.sum("cmo_runs_taken_total")).toBe(0);
  });

  it("tell a failure by its code, and the attempts before it", async () => {
    const server = await openServer(await openFolder());
    const jobId = await server.submit({
      source: { ...smallConfig.source, faults: [{ fault: "revoked_token", every: 1 }] },
    });
    const summary = await server.runtime.engine.attend(jobId);
    const page = await server.metrics();
    expect(summary.ok).toBe(false);
    expect(page.sum("cmo_jobs_ended_total", { status: "failed", code: "unauthenticated" })).toBe(1);
    expect(page.sum("cmo_source_requests_total", { outcome: "failed" })).toBe(summary.quota.failedRequests);
    expect(countsOf([page])).toEqual(countsOfSummaries([summary]));
  });

  it("tell how often and for how long the quota was waited for", async () => {
    const server = await openServer(await openFolder());
    const faults = [{ fault: "too_many_requests", operation: "search", at: 1, retry_after_seconds: 1 }];
    const jobId = await server.submit({ source: { ...smallConfig.source, faults } });
    const summary = await server.runtime.engine.attend(jobId);
    const page = await server.metrics();
    expect(summary.quota.waitedMs).toBeGreaterThan(0);
    expect(page.sum("cmo_quota_waits_total")).toBeGreaterThan(0);
    expect(page.sum("cmo_quota_wait_seconds_total")).toBeCloseTo(summary.quota.waitedMs / 1_000, 6);
  });
});

describe("the page of metrics", () => {
  it("has names, units and labels as Prometheus wants them, and no label that grows with jobs or people", async () => {
    const server = await openServer(await openFolder());
    await server.runtime.engine.attend(await server.submit());
    const { metrics } = await server.metrics();
    const few = {
      status: 6,
      code: 40,
      stage: 6,
      tool: 12,
      outcome: 3,
      source: 2,
      resource: 4,
      reason: 8,
      result: 10,
      method: 8,
      route: 60,
      form: 2,
      version: 1,
      node: 1,
    };
    for (const { name, type, samples } of metrics.values()) {
      expect(name).toMatch(/^(?:cmo|process|nodejs)_[a-z0-9_]+$/);
      if (type === "histogram") expect(name).toMatch(/_seconds$/);
      if (/duration|_age_|_lag_|_wait_/.test(name)) expect(name).toMatch(/_seconds(?:_total)?$/);
      expect(name).not.toMatch(/_(?:ms|milliseconds|percent|kb)(?:_|$)/);
      for (const label of new Set(samples.flatMap((sample) => Object.keys(sample.labels)))) {
        if (label === "le") continue;
        const values = new Set(samples.map((sample) => sample.labels[label]));
        expect(few, `the label ${label} of ${name}`).toHaveProperty(label);
        expect(values.size, `the label ${label} of ${name}`).toBeLessThanOrEqual(few[label as "code"]);
        for (const value of values) expect(value).not.toMatch(/job_[0-9a-z]{20}|small|local/);
      }
    }
  });

  it("has what every process tells of itself", async () => {
    const server = await openServer(await openFolder());
    const { sum } = await server.metrics();
    expect(sum("cmo_build_info", { version: "1.2.3", node: process.versions.node })).toBe(1);
    expect(sum("process_cpu_seconds_total")).toBeGreaterThan(0);
    expect(sum("process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(sum("process_start_time_seconds")).toBeLessThanOrEqual(Date.now() / 1_000);
  });
});
