import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { createApiMeter } from "../../src/operation/create-api-meter.ts";
import { registerProcessMetrics } from "../../src/operation/process-metrics.ts";
import { Registry } from "../../src/operation/prometheus.ts";
import { readExposition } from "./read-exposition.ts";

describe("the metrics library", () => {
  it("comes without what it would load besides: no OpenTelemetry, no push gateway, no cluster", async () => {
    const registry = new Registry();
    registerProcessMetrics(registry, "1.2.3");
    const { sum } = readExposition(await createApiMeter(registry).exposition());
    expect(sum("cmo_build_info")).toBe(1);
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    expect(loaded.some((path) => path.includes("prom-client/lib/counter.js"))).toBe(true);
    expect(
      loaded.filter((path) => /node_modules\/@opentelemetry|pushgateway|lib\/cluster/.test(path)),
    ).toEqual([]);
  });
});

describe("the meter", () => {
  it("counts readers by what they speak and why they went, and how late events reached them", async () => {
    const meter = createApiMeter(new Registry());
    meter.readerOpened("sse");
    meter.readerOpened("sse");
    meter.readerOpened("ndjson");
    meter.readerClosed("sse", "dropped");
    meter.eventLag(0.004);
    meter.eventLag(-1);
    const { sum } = readExposition(await meter.exposition());
    expect(sum("cmo_event_readers", { form: "sse" })).toBe(1);
    expect(sum("cmo_event_readers", { form: "ndjson" })).toBe(1);
    expect(sum("cmo_event_reader_closes_total", { form: "sse", reason: "dropped" })).toBe(1);
    expect(sum("cmo_event_reader_closes_total")).toBe(1);
    expect(sum("cmo_event_lag_seconds_count")).toBe(2);
    expect(sum("cmo_event_lag_seconds_bucket", { le: "0.0025" })).toBe(1);
  });
});
