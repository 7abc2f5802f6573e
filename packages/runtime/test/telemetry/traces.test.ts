import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalLog } from "@cmo/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { traceIdOf } from "../../src/telemetry/trace/span-id.ts";
import { type Collector, openCollector, type ReceivedSpan } from "./collector.ts";
import {
  atStage,
  openTelemetryPlace,
  slowCampaign,
  smallCampaign,
  type TelemetryPlace,
} from "./telemetry-place.ts";

let place: TelemetryPlace;
let collector: Collector;
beforeEach(async () => {
  place = await openTelemetryPlace();
  collector = await openCollector();
});
afterEach(async () => {
  await place.close();
  await collector.close();
});

const stages = ["discovery", "extraction", "enrichment", "validation", "scoring", "export"];

function toCollector(more: Record<string, string> = {}) {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: "50", ...more };
}

/** The spans of a campaign's parts, and each with its parent. */
function treeOf(spans: readonly ReceivedSpan[]) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parentOf = ({ parentSpanId }: ReceivedSpan) => byId.get(parentSpanId ?? "") ?? null;
  const named = (name: string | RegExp) =>
    spans.filter((span) => (typeof name === "string" ? span.name === name : name.test(span.name)));
  return { byId, parentOf, named, pathOf };

  function pathOf(span: ReceivedSpan): readonly string[] {
    const parent = parentOf(span);
    return [...(parent === null ? [] : pathOf(parent)), span.name];
  }
}

describe("traces", () => {
  it("tell of a campaign as job, run, stage, step and request, each within the time of the one around it", async () => {
    const process = await place.open({ env: toCollector() });
    const jobId = await process.submit();
    const summary = await process.runtime.engine.attend(jobId);
    await process.finish();

    const spans = collector.spans();
    const { byId, parentOf, named, pathOf } = treeOf(spans);
    expect(byId.size).toBe(spans.length);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(jobId)]));
    expect(spans.filter((span) => parentOf(span) === null).map(({ name }) => name)).toEqual(["job"]);
    expect(named("run").map(pathOf)).toEqual([["job", "run"]]);
    expect(named(/^stage /).map(({ name }) => name)).toEqual(stages.map((stage) => `stage ${stage}`));
    for (const stage of named(/^stage /)) expect(pathOf(stage)).toEqual(["job", "run", stage.name]);

    const requests = spans.filter(({ kind }) => kind === 3);
    expect(requests).toHaveLength(summary.quota.requests);
    const paths = new Set(requests.map((request) => pathOf(request).join(" > ")));
    expect(paths).toEqual(
      new Set([
        "job > run > github.preflight > POST",
        "job > run > stage discovery > github.search > POST",
        "job > run > stage extraction > github.activity > POST",
        "job > run > stage enrichment > github.people > POST",
      ]),
    );
    for (const span of spans) {
      const parent = parentOf(span);
      expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt);
      if (parent === null) continue;
      expect(span.startedAt, `${span.name} in ${parent.name}`).toBeGreaterThanOrEqual(parent.startedAt);
      expect(span.endedAt, `${span.name} in ${parent.name}`).toBeLessThanOrEqual(parent.endedAt);
    }
  });

  it("say how much there was, and by which answers; nothing of people, repositories or secrets", async () => {
    const process = await place.open({
      env: toCollector({
        OTEL_SERVICE_NAME: "leads",
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc",
      }),
    });
    const jobId = await process.submit();
    const summary = await process.runtime.engine.attend(jobId);
    await process.finish();

    const { named } = treeOf(collector.spans());
    expect(named("job")[0]?.attributes).toMatchObject({
      "cmo.job.id": jobId,
      "cmo.job.status": "completed",
      "cmo.job.attempts": 1,
      "cmo.source": "simulator",
      "cmo.source.requests": summary.quota.requests,
      "cmo.source.points": summary.quota.points,
      "cmo.count.leads": summary.counts.leads,
      "cmo.count.contactable": summary.counts.contactable,
    });
    expect(named("run")[0]?.attributes).toMatchObject({ "cmo.run.epoch": 1, "cmo.run.outcome": "completed" });
    expect(named("stage discovery")[0]?.attributes).toMatchObject({
      "cmo.stage": "discovery",
      "cmo.stage.completed": true,
      "cmo.stage.resumed": false,
      "cmo.count.repos_matched": summary.counts.reposMatched,
    });
    expect(named("POST")[0]?.attributes).toMatchObject({
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "server.address": "api.simulator.example",
    });
    expect(collector.requests[0]).toMatchObject({
      path: "/v1/traces",
      headers: { "content-type": "application/json", authorization: "Bearer abc" },
      resource: { "service.name": "leads", "service.version": expect.any(String) },
    });

    const sent = collector.requests.map(({ body }) => body).join("\n");
    expect(sent).not.toContain("Bearer");
    expect(sent).not.toContain(smallCampaign.name);
    for await (const lead of process.runtime.engine.leads(jobId)) {
      for (const text of [
        lead.login,
        lead.nodeId,
        lead.name,
        lead.email,
        ...lead.repositories.map(({ name }) => name),
      ]) {
        if (text !== null && text.length > 4) expect(sent).not.toContain(text);
      }
    }
  });

  it("S17 are one for a job that was paused and went on elsewhere, with a run for each time it was taken", async () => {
    const pausing = atStage("extraction", (id) => here.runtime.engine.pause(id));
    const here = await place.open({ env: toCollector(), listeners: [pausing] });
    const there = await place.open({ env: toCollector() });
    const jobId = await here.submit(slowCampaign);
    await here.runtime.engine.attend(jobId);
    await here.finish();
    const before = collector.spans();
    expect(treeOf(before).named("job")).toEqual([]);
    await there.runtime.engine.resume(jobId);
    const summary = await there.runtime.engine.attend(jobId);
    await there.finish();

    const spans = collector.spans();
    const { byId, named, parentOf } = treeOf(spans);
    expect(byId.size).toBe(spans.length);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(jobId)]));
    expect(named("job")).toHaveLength(1);
    const runs = named("run").map(({ attributes }) => [
      attributes["cmo.run.epoch"],
      attributes["cmo.run.outcome"],
    ]);
    expect(runs).toEqual([
      [1, "paused"],
      [2, "completed"],
    ]);
    for (const run of named("run")) expect(parentOf(run)?.name).toBe("job");
    expect(named("POST")).toHaveLength(summary.quota.requests);
    // What the pause cut is there twice: as far as it came, and what followed.
    const cut = before.filter(({ attributes }) => attributes["cmo.stage.completed"] === false);
    expect(cut.length).toBeGreaterThan(0);
    for (const { name } of cut) {
      expect(named(name).map(({ attributes }) => attributes["cmo.stage.resumed"])).toEqual([false, true]);
      expect(named(name)[1]?.attributes["cmo.stage.completed"]).toBe(true);
    }
  });

  it("tell of failures by their codes, of waits, and of the job that a retry was of", async () => {
    const process = await place.open({ env: toCollector() });
    const faults = [
      { fault: "too_many_requests", operation: "search", at: 1, retry_after_seconds: 1 },
      { fault: "revoked_token", operation: "history", every: 1 },
    ];
    const jobId = await process.submit({ source: { ...smallCampaign.source, faults } });
    const summary = await process.runtime.engine.attend(jobId);
    expect(summary.ok).toBe(false);
    const retried = await process.runtime.engine.retry(jobId);
    await process.runtime.engine.cancel(retried.id);
    await process.finish();

    const { named } = treeOf(collector.spans());
    const [failed, cancelled] = named("job");
    expect(failed).toMatchObject({ isError: true, attributes: { "error.type": "unauthenticated" } });
    expect(cancelled).toMatchObject({
      isError: false,
      links: [{ traceId: failed?.traceId, spanId: failed?.spanId }],
      attributes: { "cmo.job.status": "cancelled" },
    });
    const refused = named("POST").filter(({ isError }) => isError);
    expect(new Set(refused.map(({ attributes }) => attributes["error.type"]))).toEqual(
      new Set(["401", "429"]),
    );
    expect(named("run")[0]?.events).toContainEqual(
      expect.objectContaining({
        name: "quota.waiting",
        attributes: expect.objectContaining({ "cmo.quota.resource": "graphql" }),
      }),
    );
  });
});

describe("a collector", () => {
  it("gets many spans at once, and no more than it is to get", async () => {
    const process = await place.open({
      env: toCollector({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "7", OTEL_BSP_SCHEDULE_DELAY: "60000" }),
    });
    await process.runtime.engine.attend(await process.submit());
    await process.finish();
    const sizes = collector.requests.map(({ spans }) => spans.length);
    expect(sizes.slice(0, -1).every((size) => size === 7)).toBe(true);
    expect(sizes.at(-1)).toBeLessThanOrEqual(7);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it("that is down changes nothing of a run, and is told of once", async () => {
    await collector.close();
    const process = await place.open({ env: toCollector() });
    const jobId = await process.submit();
    await process.runtime.engine.attend(jobId);
    await expect.poll(() => process.lines("traces cannot be sent").length).toBe(1);
    await process.finish(200);
    const alone = await place.open();
    const job = await alone.runtime.store.readJob(jobId);
    if (job === null) throw new Error("The job is gone.");
    const { id: undisturbedId } = await alone.runtime.engine.submit(job.spec);
    await alone.runtime.engine.attend(undisturbedId);
    const [log, undisturbed] = await Promise.all(
      [jobId, undisturbedId].map(async (id) =>
        canonicalLog(await alone.runtime.store.readEvents(id, 0, 10_000)),
      ),
    );
    expect(log).toEqual(undisturbed);
    expect(process.lines("traces cannot be sent")).toEqual([
      expect.objectContaining({ level: "warn", reason: "ECONNREFUSED" }),
    ]);
    expect(process.lines("spans were lost")).toEqual([expect.objectContaining({ level: "warn" })]);
  });

  it("that never answers keeps nobody from stopping in time", async () => {
    collector.answer(() => {});
    const process = await place.open({ env: toCollector() });
    const summary = await process.runtime.engine.attend(await process.submit());
    expect(summary.ok).toBe(true);
    await expect.poll(() => collector.requests.length).toBe(1);
    await process.finish(200);
    expect(collector.requests.length).toBe(1);
    expect(process.lines("spans were lost")).toHaveLength(1);
  });

  it("that is away for a moment gets everything", async () => {
    let isAway = true;
    collector.answer((response) => {
      response.statusCode = isAway ? 503 : 200;
      isAway = false;
      response.end("{}");
    });
    const process = await place.open({ env: toCollector() });
    const summary = await process.runtime.engine.attend(await process.submit());
    const arrived = () => collector.requests.slice(1).flatMap(({ spans }) => spans);
    await expect.poll(() => arrived().some(({ name }) => name === "job")).toBe(true);
    await process.finish();
    expect(arrived().filter(({ name }) => name === "POST")).toHaveLength(summary.quota.requests);
    expect(process.lines("traces are sent again")).toHaveLength(1);
    expect(process.lines("spans were lost")).toEqual([]);
  });

  it("that refuses spans is not asked again, and the log says how many", async () => {
    collector.answer((response) => {
      response.end('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}');
    });
    const process = await place.open({ env: toCollector({ OTEL_BSP_SCHEDULE_DELAY: "60000" }) });
    await process.runtime.engine.attend(await process.submit());
    await process.finish();
    expect(collector.requests).toHaveLength(1);
    expect(process.lines("the collector refused spans")).toEqual([expect.objectContaining({ spans: 2 })]);
  });
});

describe("without a collector", () => {
  it.each([
    ["nothing is said", {}],
    [
      "OpenTelemetry is switched off",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://x.test", OTEL_SDK_DISABLED: "true" },
    ],
    [
      "traces are switched off",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://x.test", OTEL_TRACES_EXPORTER: "none" },
    ],
  ])("nothing is done for traces where %s", async (_what, env) => {
    const process = await place.open({ env });
    // Nobody hears of a job, an event or a request.
    expect(process.telemetry.hooks).toEqual({});
    await process.runtime.engine.attend(await process.submit());
    await process.finish();
    expect(collector.requests).toEqual([]);
  });

  it("nothing of them is loaded either: no file that a program begins with imports one of theirs", async () => {
    const telemetry = resolve(dirname(fileURLToPath(import.meta.url)), "../../src/telemetry");
    const loaded = await importedBy(resolve(telemetry, "../index.ts"));
    expect(loaded.has(join(telemetry, "open-telemetry.ts"))).toBe(true);
    expect([...loaded].filter((path) => path.startsWith(join(telemetry, "trace")))).toEqual([]);
    const withTraces = await importedBy(join(telemetry, "trace/open-traces.ts"));
    expect(withTraces.has(join(telemetry, "trace/span-exporter.ts"))).toBe(true);
  });

  it("an address that is none stops a program before it begins", async () => {
    await expect(
      place.open({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" } }),
    ).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("OTEL_EXPORTER_OTLP_ENDPOINT"),
    });
  });
});

/** The files of the package that are loaded with a file: its imports and theirs, but types and what is imported later. */
async function importedBy(path: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const source = await readFile(path, "utf8");
  for (const [, what = "", from = ""] of source.matchAll(
    /^(?:import|export)\s([^;]*?)\sfrom "(\.[^"]+)";$/gms,
  )) {
    if (!/^type\s/.test(what)) await importedBy(resolve(dirname(path), from), seen);
  }
  return seen;
}
