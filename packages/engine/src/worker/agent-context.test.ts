import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { parseJobEvent } from "../event/event-codec.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { AgentContext } from "../port/agent.ts";
import { foldProgress } from "../progress/fold-progress.ts";
import { initialProgress } from "../progress/initial-progress.ts";

/** Runs `body` as the work of a job, and gives its events between the first and the last. */
async function report(body: (context: AgentContext) => void | Promise<void>, plan = ["first", "second"]) {
  const test = createTestEngine(
    {
      name: "test",
      version: "1.0.0",
      plan: () => plan,
      run: async (_spec, context) => {
        if (!context.partial) await body(context);
      },
    },
    { redact: (text) => text.replaceAll("secret", "***") },
  );
  const summary = await test.until(test.engine.runInproc(test.spec()));
  const events = await test.events(summary.jobId ?? "");
  const job = await test.engine.job(summary.jobId ?? "");
  expect(job?.snapshot.progress).toEqual(foldProgress(initialProgress([]), events));
  for (const event of events) expect(parseJobEvent(event)).toMatchObject({ ok: true });
  return { test, summary, progress: job?.snapshot.progress, events: events.slice(2, -1) };
}

const brief = (events: readonly JobEvent[]) => events.map((event) => [event.type, event.data]);

describe("what an agent reports", () => {
  it("S10 enters a stage once, ends it once, and never lets its counters go back", async () => {
    const { events, progress } = await report(async (context) => {
      const first = context.stage("First");
      first.start({ itemsTotal: 10 });
      first.start({ itemsTotal: 99 });
      first.progress({ itemsProcessed: 6, currentItem: "  a \u0007thing " });
      first.progress({ itemsProcessed: 4 });
      first.progress({ itemsProcessed: 6, itemsTotal: 3 });
      first.complete({ counts: { found: 6 } });
      first.complete({ counts: { found: 7 } });
      first.start();
    });
    expect(brief(events)).toEqual([
      ["stage.started", { stage: "first", itemsTotal: 10 }],
      [
        "stage.progress",
        { stage: "first", itemsProcessed: 6, itemsTotal: 6, currentItem: "a thing", percent: 50 },
      ],
      ["stage.completed", { stage: "first", counts: { found: 6 } }],
    ]);
    expect(progress?.stages[0]).toEqual({ id: "first", state: "done", itemsProcessed: 6, itemsTotal: 6 });
  });

  it("keeps what is no number and no text out of the log", async () => {
    const { events } = await report((context) => {
      const first = context.stage("first");
      first.start({ itemsTotal: Number.NaN });
      first.progress({ itemsProcessed: Number.NaN, itemsTotal: -1, currentItem: "unknown" });
      first.progress({ itemsProcessed: 2.7, itemsTotal: Number.POSITIVE_INFINITY });
      context.metric({ bad: Number.NaN, constructor: 1, good: 1, "": 1 });
    });
    expect(brief(events)).toEqual([
      ["stage.started", { stage: "first", itemsTotal: null }],
      [
        "stage.progress",
        { stage: "first", itemsProcessed: 2, itemsTotal: null, currentItem: null, percent: 0 },
      ],
      ["metrics", { metrics: { good: 1 } }],
    ]);
  });

  it("S10 refuses a stage without a name", async () => {
    for (const name of ["", "  ", "unknown", "Completed", "\u0000"]) {
      const { summary } = await report((context) => context.stage(name).start());
      expect(summary.errors[0]).toMatchObject({ code: "usage" });
    }
  });

  it.each<[string, (context: AgentContext) => void]>([
    [
      "stage() and then report()",
      (context) => [context.stage("first").start(), context.report({ stage: "first" })],
    ],
    [
      "report() and then stage()",
      (context) => [context.report({ stage: "first" }), context.stage("first").start()],
    ],
  ])("fails a run that reports through %s", async (_, body) => {
    const { summary } = await report(body);
    expect(summary.errors[0]).toMatchObject({
      code: "usage",
      message: expect.stringContaining("not through both"),
    });
  });

  it("S10 takes loose reports of any shape, by the rules of progress", async () => {
    const { events, summary, progress } = await report((context) => {
      for (const raw of [
        null,
        7,
        [],
        { stage: "unknown", items_processed: 9, metrics: { repos_claimed: 4 } },
        { node: "First", itemsTotal: 4, items_processed: 2, current_item: "x" },
        { node: "first", itemsTotal: 4, items_processed: 1 },
        { event: "second", warnings: ["a secret warning"], errors: ["an error"] },
        { event: "first" },
      ]) {
        context.report(raw);
      }
    });
    expect(
      events.map((event) => [event.type, event.data.stage ?? event.data.message ?? event.data.metrics]),
    ).toEqual([
      ["metrics", { repos_claimed: 4 }],
      ["stage.started", "first"],
      ["stage.progress", "first"],
      ["stage.completed", "first"],
      ["stage.started", "second"],
      ["log", "a *** warning"],
      ["log", "an error"],
    ]);
    expect(progress).toMatchObject({ step: 2, stage: "second" });
    expect(summary.warnings).toMatchObject([{ code: "agent.warning", message: "a *** warning" }]);
  });

  it("merges what a busy stage says, and keeps the state at every boundary (progress, rule 15)", async () => {
    const { events, progress } = await report((context) => {
      const first = context.stage("first");
      first.start({ itemsTotal: 10_000 });
      for (let count = 1; count <= 10_000; count += 1) {
        first.progress({ itemsProcessed: count, currentItem: `item ${count}` });
        context.metric({ found: count, gauge_left: 10_000 - count });
      }
      first.complete();
    });
    expect(events.length).toBeLessThan(10);
    expect(brief(events.slice(1, -1))).toEqual([
      [
        "stage.progress",
        {
          stage: "first",
          itemsProcessed: 10_000,
          itemsTotal: 10_000,
          currentItem: "item 10000",
          percent: 50,
        },
      ],
      ["metrics", { metrics: { found: 10_000, gauge_left: 0 } }],
    ]);
    expect(progress?.metrics).toEqual({ found: 10_000, gauge_left: 0 });
  });

  it("logs only metrics that change something", async () => {
    const { events } = await report(async (context) => {
      context.metric({ a: 2, gauge_b: 5 });
      context.stage("first").start();
      context.metric({ a: 1, gauge_b: 5 });
      context.metric({});
      context.metric({ a: 2, gauge_b: 4 });
    });
    expect(brief(events.filter((event) => event.type === "metrics"))).toEqual([
      ["metrics", { metrics: { a: 2, gauge_b: 5 } }],
      ["metrics", { metrics: { gauge_b: 4 } }],
    ]);
  });

  it("says each warning once, and each file once, without secrets", async () => {
    const artifact = {
      kind: "leads_json",
      name: "n",
      mediaType: "m",
      bytes: 1,
      rows: 1,
      digest: "d",
      partial: false,
    };
    const { events } = await report((context) => {
      context.warn("code", "a secret");
      context.warn("code", "a secret");
      context.warn("other", "a secret");
      context.artifact(artifact);
      context.artifact({ ...artifact, digest: "e" });
    });
    expect(brief(events)).toEqual([
      ["log", { level: "warning", code: "code", message: "a ***" }],
      ["log", { level: "warning", code: "other", message: "a ***" }],
      ["artifact.created", artifact],
    ]);
  });

  it("logs a tool call with the digest of its input, and how it ended", async () => {
    const { events, summary } = await report(async (context) => {
      expect(await context.tool("mx", { domain: "works.example" }, async () => 5)).toBe(5);
      await expect(
        context.tool("mx", "x", async () => {
          throw new Error("secret reasons");
        }),
      ).rejects.toThrow("secret reasons");
    });
    expect(events.map((event) => [event.type, event.data.ok, event.data.error])).toEqual([
      ["tool.started", undefined, undefined],
      ["tool.completed", true, null],
      ["tool.started", undefined, undefined],
      ["tool.completed", false, "agent_failed"],
    ]);
    expect(new Set(events.map((event) => event.data.callId)).size).toBe(2);
    expect(JSON.stringify(events)).not.toMatch(/works|secret/);
    expect(summary.quota.requests).toBe(2);
  });

  it("S31 tells whom the spec or the store suppresses", async () => {
    const entries = ["ada", "bob", "eve"].map((value) => ({ kind: "login" as const, value }));
    let told: readonly boolean[] = [];
    const test = createTestEngine({
      name: "test",
      version: "1",
      plan: () => ["x"],
      async run(_spec, context) {
        told = await context.suppressed(entries);
      },
    });
    const [ada, bob] = await test.engine.hashSuppression(entries);
    await test.store.addSuppressed(bob === undefined ? [] : [bob]);
    await test.until(test.engine.runInproc(test.spec({ suppress: ada === undefined ? [] : [ada] })));
    expect(told).toEqual([true, true, false]);
  });

  it("tells when people were first seen: by an earlier run of the campaign, or now", async () => {
    const seen: (readonly [string, string])[][] = [];
    const test = createTestEngine({
      name: "test",
      version: "1",
      plan: () => ["x"],
      async run(_spec, context) {
        seen.push([...(await context.firstSeen(["U_1", "U_2"], "listed"))]);
      },
    });
    await test.store.noteFirstSeen("test", new Map([["U_1", "2029-01-01T00:00:00.000Z"]]), 0);
    await test.until(test.engine.runInproc(test.spec()));
    await test.clock.advance(86_400_000);
    await test.until(test.engine.runInproc(test.spec()));
    await test.until(test.engine.runInproc(test.spec({ name: "other" })));
    await test.until(test.engine.runInproc(test.spec(), [], { tenant: "acme" }));
    expect(seen.pop()).toEqual([
      ["U_1", "2030-01-02T00:00:00.000Z"],
      ["U_2", "2030-01-02T00:00:00.000Z"],
    ]);
    expect(seen).toEqual([
      [
        ["U_1", "2029-01-01T00:00:00.000Z"],
        ["U_2", "2030-01-01T00:00:00.000Z"],
      ],
      [
        ["U_1", "2029-01-01T00:00:00.000Z"],
        ["U_2", "2030-01-01T00:00:00.000Z"],
      ],
      [
        ["U_1", "2030-01-02T00:00:00.000Z"],
        ["U_2", "2030-01-02T00:00:00.000Z"],
      ],
    ]);
  });
});
