import { describe, expect, it } from "vitest";
import { createTestEngine, durable } from "../../test/support/test-engine.ts";
import { type ThreeStageOptions, threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { canonicalLog } from "../event/canonical-log.ts";
import { isTerminalEvent, type JobEvent } from "../event/job-event.ts";
import type { AgentContext } from "../port/agent.ts";
import { memorySink } from "../sink/memory-sink.ts";
import { multiplex } from "../sink/multiplex.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildSummary, comparableSummary } from "../summary/run-summary.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";

function start(options: ThreeStageOptions = {}, isDurable = false) {
  const clock = createFakeClock();
  const agent = threeStageAgent({ sleep: clock.sleep, ...options });
  const memory = createMemoryStore({ clock, random: seededRandom(1) });
  return { agent, ...createTestEngine(agent, { clock, store: isDurable ? durable(memory) : memory }) };
}

describe("runInproc", () => {
  it("gives the summary that the log and the leads amount to", async () => {
    const test = start();
    const { sink, events } = memorySink();
    const summary = await test.until(test.engine.runInproc(test.spec(), [sink]));
    expect(summary).toMatchObject({ ok: true, status: "completed", partial: false, attempts: 1 });
    expect(summary.counts).toMatchObject({ reposClaimed: 7, leads: 7, drops: { dull: 1 } });
    expect(events).toEqual(await test.events(summary.jobId ?? ""));
    expect(summary).toEqual(await test.engine.summary(summary.jobId ?? ""));
    const leads = await test.store.readLeads(summary.jobId ?? "", { afterRank: 0, limit: 10 });
    expect(summary).toEqual(buildSummary(events, leads));
  });

  it("S05 shows every sink every event, in the same order, with the same ids", async () => {
    const test = start();
    const [one, two] = [memorySink(), memorySink()];
    const slow: JobEvent[] = [];
    const slowSink = async (event: JobEvent) => {
      await test.clock.sleep(50);
      slow.push(event);
    };
    const summary = await test.until(test.engine.runInproc(test.spec(), [one.sink, slowSink, two.sink]));
    expect(one.events.map((event) => event.seq)).toEqual(one.events.map((_, index) => index + 1));
    expect(two.events).toEqual(one.events);
    expect(slow).toEqual(one.events);
    expect(isTerminalEvent(one.events.at(-1) ?? { type: "" })).toBe(true);
    expect(summary.ok).toBe(true);
  });

  it("S08 lets a slow sink slow neither the work nor the other sinks", async () => {
    const test = start();
    const started = test.clock.now();
    const quick: number[] = [];
    const slow: number[] = [];
    const work = test.engine.runInproc(test.spec(), [
      () => void quick.push(test.clock.now()),
      async () => {
        slow.push(test.clock.now());
        await test.clock.sleep(60_000);
      },
    ]);
    const summary = await test.until(work);
    expect(summary.durationMs).toBeLessThan(1_000);
    expect(quick.at(-1)).toBeLessThan(started + 1_000);
    expect(slow).toHaveLength(quick.length);
  });

  it("drops a sink that throws or rejects, says so in the log, and goes on", async () => {
    const test = start();
    const { sink, events } = memorySink();
    let taken = 0;
    const summary = await test.until(
      test.engine.runInproc(test.spec(), [
        (event) => {
          taken += 1;
          if (event.type === "stage.started") throw new Error("disk full");
        },
        sink,
        () => Promise.reject(new Error("broken from the start")),
      ]),
    );
    expect(summary.ok).toBe(true);
    expect(events[taken - 1]?.type).toBe("stage.started");
    const dropped = events.filter((event) => event.data.code === "sink.dropped");
    expect(dropped.map((event) => event.data.message)).toEqual([
      expect.stringContaining("broken from the start"),
      expect.stringContaining("disk full"),
    ]);
    expect(summary.warnings.map((warning) => warning.code)).toContain("sink.dropped");
  });

  it("drops one of several sinks in one, says so in the log, and feeds the others", async () => {
    const test = start();
    const kept = memorySink();
    const failing = () => {
      throw new Error("broken");
    };
    const summary = await test.until(test.engine.runInproc(test.spec(), [multiplex([failing, kept])]));
    expect(kept.events).toEqual(await test.events(summary.jobId ?? ""));
    expect(summary.warnings.map(({ code }) => code)).toContain("sink.dropped");
  });

  it("takes counts alone as the end of a stage", async () => {
    const clock = createFakeClock();
    const agent = {
      name: "three",
      version: "1",
      plan: () => ["one"],
      run: async (_spec: unknown, { stage }: AgentContext) => stage("one").complete({ profiles: 3 }),
    };
    const test = createTestEngine(agent, {
      clock,
      store: createMemoryStore({ clock, random: seededRandom(1) }),
    });
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.counts.profiles).toBe(3);
  });

  it("S34 takes secrets out of what a failing sink said", async () => {
    const clock = createFakeClock();
    const redact = (text: string) => text.replaceAll("secret", "***");
    const test = createTestEngine(threeStageAgent({ sleep: clock.sleep }), { clock, redact });
    const failing = () => {
      throw new Error("token secret refused");
    };
    const summary = await test.until(test.engine.runInproc(test.spec(), [failing]));
    expect(JSON.stringify(await test.events(summary.jobId ?? ""))).not.toContain("secret");
    expect(summary.warnings[0]?.message).toContain("token *** refused");
  });

  it("S16 cancels when its signal aborts, and brings what was found to an end marked partial", async () => {
    const controller = new AbortController();
    const test = start({ onReport: (place) => (place === "look.20" ? controller.abort() : undefined) });
    const { sink, events } = memorySink();
    const summary = await test.until(
      test.engine.runInproc(test.spec(), [sink], { signal: controller.signal }),
    );
    expect(summary).toMatchObject({ ok: false, status: "cancelled", partial: true });
    expect(summary.artifacts).toMatchObject([{ kind: "leads_json", partial: true }]);
    expect(summary.counts.leads).toBeGreaterThanOrEqual(2);
    expect(events.at(-1)).toMatchObject({ type: "job.cancelled", data: { partial: true } });
    expect(events.filter(isTerminalEvent)).toHaveLength(1);
    expect(test.agent.runs).toEqual([false, true]);
  });

  it("pauses when its signal aborts and the store outlives the process", async () => {
    const controller = new AbortController();
    const test = start({ onReport: (place) => (place === "look.20" ? controller.abort() : undefined) }, true);
    const summary = await test.until(test.engine.runInproc(test.spec(), [], { signal: controller.signal }));
    expect(summary).toMatchObject({ ok: null, status: "paused", partial: null });
    expect((await test.types(summary.jobId ?? "")).at(-1)).toBe("job.paused");
  });

  it.each([false, true])(
    "starts nothing when its signal has aborted before (durable: %s)",
    async (isDurable) => {
      const controller = new AbortController();
      controller.abort();
      const test = start({}, isDurable);
      const { sink, events } = memorySink();
      const summary = await test.until(
        test.engine.runInproc(test.spec(), [sink], { signal: controller.signal }),
      );
      expect(summary.status).toBe(isDurable ? "paused" : "cancelled");
      expect(events.map((event) => event.type)).toEqual([
        "job.queued",
        isDurable ? "job.paused" : "job.cancelled",
      ]);
      expect(test.agent.asked).toEqual([]);
    },
  );

  it("S11 gives ok: false and the reason for a job that fails", async () => {
    const test = start({
      onReport(place, context) {
        if (place === "look.completed" && !context.partial) throw new Error("the reason");
      },
    });
    const { sink, events } = memorySink();
    const summary = await test.until(test.engine.runInproc(test.spec(), [sink]));
    expect(summary).toMatchObject({ ok: false, status: "failed", partial: true });
    expect(summary.errors).toEqual([{ code: "agent_failed", message: "the reason", hint: null }]);
    expect(events.filter(isTerminalEvent).map((event) => event.type)).toEqual(["job.failed"]);
    expect(events.at(-1)?.data).toMatchObject({ error: { code: "agent_failed", message: "the reason" } });
    expect(await test.engine.job(summary.jobId ?? "")).toMatchObject({
      status: "failed",
      error: { message: "the reason" },
    });
  });

  it("S02 gives the same canonical log and comparable summary each time, whoever answers first", async () => {
    const runs = [];
    for (let seed = 1; seed <= 20; seed += 1) {
      const clock = createFakeClock();
      const random = seededRandom(seed);
      const sleep = (_: number, signal: AbortSignal) => clock.sleep(random() * 100, signal);
      const agent = threeStageAgent({
        items: 23,
        batchSize: 1 + (seed % 4),
        concurrency: 1 + (seed % 5),
        sleep,
      });
      const test = createTestEngine(agent, { clock, seed });
      const summary = await test.until(test.engine.runInproc(test.spec()));
      runs.push({
        log: canonicalLog(await test.events(summary.jobId ?? "")),
        summary: comparableSummary(summary),
      });
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
    expect(runs[0]?.log).toHaveLength(11);
  });

  it("S24 completes a dry run without running the agent, next to a job that is not dry", async () => {
    const agent = threeStageAgent();
    const estimate = {
      requests: { low: 1, high: 2 },
      points: { low: 1, high: 2 },
      durationMs: { low: 10, high: 20 },
      assumptions: ["imaginary"],
    };
    const test = createTestEngine({ ...agent, estimate: () => estimate });
    const [dry, wet] = await test.until(
      Promise.all([
        test.engine.runInproc(test.spec({ dryRun: true })),
        test.engine.runInproc(test.spec({ dryRun: false })),
      ]),
    );
    expect(dry).toMatchObject({ ok: true, status: "completed", targetMet: null });
    expect((await test.events(dry.jobId ?? "")).map((event) => [event.type, event.data.estimate])).toEqual([
      ["job.queued", undefined],
      ["job.started", undefined],
      ["job.completed", estimate],
    ]);
    expect(wet.counts.leads).toBe(7);
    expect((await test.events(wet.jobId ?? "")).at(-1)?.data).toEqual({ targetMet: false });
    expect(agent.runs).toEqual([false]);
    expect(test.engine.estimate(test.spec())).toEqual(estimate);
  });

  it("S20 completes with targetMet: false when the matches end before the target", async () => {
    const test = start({ items: 14 });
    const summary = await test.until(test.engine.runInproc(test.spec({ targetLeads: 50 })));
    expect(summary).toMatchObject({ ok: true, targetMet: false, counts: { contactable: 14 } });
    const met = await test.until(test.engine.runInproc(test.spec({ targetLeads: 14 })));
    expect(met.targetMet).toBe(true);
  });

  it("refuses a spec that was made for another agent, and an id that is taken", async () => {
    const test = start();
    const foreign = test.spec({ agent: { name: "other", version: "1", plan: () => ["x"] } });
    await expect(test.engine.runInproc(foreign)).rejects.toMatchObject({ code: "usage" });
    await test.engine.submit(test.spec(), { jobId: "job_mine" });
    await expect(test.engine.submit(test.spec(), { jobId: "job_mine" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("S04 runs under the id that the caller gave", async () => {
    const test = start();
    const summary = await test.until(test.engine.runInproc(test.spec(), [], { jobId: "job_mine" }));
    expect(summary.jobId).toBe("job_mine");
    expect((await test.events("job_mine")).every((event) => event.jobId === "job_mine")).toBe(true);
  });
});
