import { createFakeClock, seededRandom } from "@cmo/engine/testing";
import type { Fetch } from "@cmo/github";
import { describe, expect, it } from "vitest";
import { createLog } from "../log.ts";
import { readOtlpSettings } from "./otlp-settings.ts";
import type { Span } from "./span.ts";
import { createSpanExporter } from "./span-exporter.ts";
import { spanIdOf, traceIdOf } from "./span-id.ts";

type Answer = (signal: AbortSignal) => Promise<Response>;

/** An exporter whose time is a fake clock's and whose collector answers as it is told. */
function open(answers: readonly Answer[] = [], env: Record<string, string> = {}) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const asked: { at: number; spans: number }[] = [];
  let text = "";
  const fetch: Fetch = (_url, { body = "{}", signal }) => {
    const { spans } = JSON.parse(body).resourceSpans[0].scopeSpans[0];
    asked.push({ at: clock.now() - startedAt, spans: spans.length });
    return (answers[asked.length - 1] ?? ok)(signal);
  };
  const exporter = createSpanExporter({
    settings: readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example", ...env }, () => {}),
    origin: { resource: {}, scope: { name: "cmo", version: "1.2.3" } },
    fetch,
    clock,
    random: seededRandom(1),
    log: createLog({
      write: (line) => {
        text += line;
      },
      now: () => clock.now(),
      redact: (raw) => raw,
    }),
  });
  return {
    clock,
    asked,
    exporter,
    add: (count: number) => {
      for (let index = 0; index < count; index += 1) exporter.add(span);
    },
    log: () =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
  };
}

const span: Span = {
  traceId: traceIdOf("job_1"),
  spanId: spanIdOf("job_1", "job"),
  parentSpanId: null,
  name: "job",
  kind: "internal",
  startedAt: 1,
  endedAt: 2,
  attributes: {},
  isError: false,
};

const ok: Answer = async () => new Response("{}");
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  async () =>
    new Response("", { status: code, headers });
const silence: Answer = (signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

describe("createSpanExporter", () => {
  it("sends what came within a while together, and asks nothing when there is nothing", async () => {
    const { clock, add, asked, exporter } = open();
    await clock.advance(60_000);
    add(2);
    await clock.advance(3_000);
    add(1);
    await clock.advance(1_999);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked).toEqual([{ at: 65_000, spans: 3 }]);
    await clock.advance(60_000);
    expect(asked).toHaveLength(1);
    expect(clock.sleeping()).toBe(0);
    await exporter.close(0);
  });

  it("sends at once what fills a batch", async () => {
    const { clock, add, asked } = open([], { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10" });
    add(25);
    await clock.settle();
    expect(asked).toEqual([
      { at: 0, spans: 10 },
      { at: 0, spans: 10 },
    ]);
    await clock.advance(5_000);
    expect(asked.at(-1)).toEqual({ at: 5_000, spans: 5 });
  });

  it("tries again what may pass, after longer and longer, and then gives it up", async () => {
    const { clock, add, asked, log } = open(Array.from({ length: 5 }, () => status(503)));
    add(1);
    await clock.advance(120_000);
    expect(asked).toHaveLength(5);
    const pauses = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1_000 * 2 ** index);
    }
    add(2);
    await clock.advance(10_000);
    expect(asked.at(-1)?.spans).toBe(2);
    expect(log().map(({ message, reason, lost }) => [message, reason ?? lost])).toEqual([
      ["traces cannot be sent", "HTTP 503"],
      ["traces are sent again", 1],
    ]);
  });

  it("waits for as long as the collector asks for", async () => {
    const { clock, add, asked } = open([status(429, { "retry-after": "30" })]);
    add(1);
    await clock.advance(60_000);
    expect(asked.map(({ at }) => at)).toEqual([5_000, 35_000]);
  });

  it.each([400, 401, 404, 500])("does not repeat what was answered with %d", async (code) => {
    const { clock, add, asked } = open([status(code)]);
    add(1);
    await clock.advance(60_000);
    expect(asked).toHaveLength(1);
  });

  it("gives up a request that is not answered in time, and tries it again", async () => {
    const { clock, add, asked, log } = open([silence], { OTEL_EXPORTER_OTLP_TIMEOUT: "2000" });
    add(1);
    await clock.advance(20_000);
    expect(asked.map(({ spans }) => spans)).toEqual([1, 1]);
    expect(asked[1]?.at).toBeGreaterThanOrEqual(7_500);
    expect(log()[0]).toMatchObject({ message: "traces cannot be sent", reason: "timeout" });
  });

  it("keeps so many spans for a collector that does not answer, and counts those that do not fit", async () => {
    const { clock, add, asked, exporter, log } = open([silence], {
      OTEL_BSP_MAX_QUEUE_SIZE: "100",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10",
    });
    add(10);
    await clock.settle();
    expect(asked).toHaveLength(1);
    add(100_000);
    await clock.advance(60_000);
    expect(asked.slice(1).reduce((sum, { spans }) => sum + spans, 0)).toBe(10 + 100);
    await exporter.close(0);
    expect(log().at(-1)).toMatchObject({ message: "spans were lost", spans: 99_900 });
  });

  it("sends what is left when it is closed, without waiting", async () => {
    const { clock, add, asked, exporter } = open([], { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "2" });
    add(1);
    await clock.settle();
    const closed = exporter.close(5_000);
    await clock.settle();
    await closed;
    expect(asked).toEqual([{ at: 0, spans: 1 }]);
    exporter.add(span);
    await clock.advance(60_000);
    expect(asked).toHaveLength(1);
  });

  it("is closed after its limit, whatever the collector does", async () => {
    const { clock, add, exporter, log } = open([silence]);
    add(3);
    const closed = exporter.close(5_000);
    await clock.advance(4_999);
    let isClosed = false;
    void closed.then(() => {
      isClosed = true;
    });
    await clock.settle();
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closed;
    expect(log().at(-1)).toMatchObject({ message: "spans were lost", spans: 3 });
  });

  it("is closed at once when the collector is known not to answer", async () => {
    const { clock, add, exporter, asked } = open(Array.from({ length: 9 }, () => status(503)));
    add(600);
    await clock.settle();
    const closed = exporter.close(5_000);
    await clock.settle();
    await closed;
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(clock.sleeping()).toBe(0);
  });
});
