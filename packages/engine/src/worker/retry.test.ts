import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import { createFakeClock } from "../testing/fake-clock.ts";

/** An agent whose batches fail the first `failures` times with what `fault` makes. */
function start(failures: number, fault: () => unknown) {
  const clock = createFakeClock();
  let left = failures;
  const agent = threeStageAgent({
    items: 6,
    concurrency: 1,
    answerMs: 10,
    sleep: clock.sleep,
    onBatch(kind) {
      if (kind !== "look" || left === 0) return;
      left -= 1;
      throw fault();
    },
  });
  return { agent, ...createTestEngine(agent, { clock }) };
}

const unavailable = () => new CmoError("source_unavailable", "The source answers 502.", { hint: "Wait." });

describe("attempts", () => {
  it("S18 are counted and capped; the job fails with what the last one said, and keeps what it has", async () => {
    const test = start(99, unavailable);
    const retries = { maxAttempts: 3, baseDelayMs: 1_000, maxDelayMs: 60_000 };
    const summary = await test.until(test.engine.runInproc(test.spec({ retries })));
    const events = await test.events(summary.jobId ?? "");
    const jobEvents = events.filter((event) => event.type.startsWith("job."));
    expect(jobEvents.map((event) => [event.type, event.data.attempt])).toEqual([
      ["job.queued", undefined],
      ["job.started", 1],
      ["job.retrying", 1],
      ["job.started", 2],
      ["job.retrying", 2],
      ["job.started", 3],
      ["job.failed", undefined],
    ]);
    expect(summary).toMatchObject({ ok: false, partial: true, attempts: 3 });
    expect(summary.errors).toEqual([
      { code: "source_unavailable", message: "The source answers 502.", hint: "Wait." },
    ]);
    expect(summary.counts.reposMatched).toBe(6);
    expect(test.agent.runs).toEqual([false, false, false, true]);
    // What the first attempt found was not asked again.
    expect(test.agent.asked.filter((item) => item.startsWith("find:"))).toHaveLength(6);
  });

  it("wait longer each time, within their bounds, and not shorter than the source asked for", async () => {
    const test = start(4, unavailable);
    const retries = { maxAttempts: 9, baseDelayMs: 1_000, maxDelayMs: 3_000 };
    const { jobId } = await test.until(test.engine.runInproc(test.spec({ retries })));
    const events = await test.events(jobId ?? "");
    const delays = events.flatMap((event) =>
      event.type === "job.retrying" ? [Number(event.data.delayMs)] : [],
    );
    expect(delays).toHaveLength(4);
    for (const [index, full] of [1_000, 2_000, 3_000, 3_000].entries()) {
      expect(delays[index]).toBeGreaterThanOrEqual(full / 2);
      expect(delays[index]).toBeLessThanOrEqual(full);
    }
    const started = events
      .filter((event) => event.type === "job.started")
      .map((event) => Date.parse(event.at));
    const retried = events
      .filter((event) => event.type === "job.retrying")
      .map((event) => Date.parse(event.at));
    for (const [index, at] of retried.entries()) {
      expect((started[index + 1] ?? 0) - at).toBeGreaterThanOrEqual(delays[index] ?? 0);
    }

    const asked = start(1, () => new CmoError("rate_limited", "Limited.", { retryAfterMs: 600_000 }));
    const limited = await asked.until(asked.engine.runInproc(asked.spec()));
    const [waited] = (await asked.events(limited.jobId ?? "")).filter(
      (event) => event.type === "job.retrying",
    );
    expect(waited?.data.delayMs).toBe(600_000);
    expect(limited.ok).toBe(true);
  });

  it.each([
    ["a code that nothing mends", () => new CmoError("missing_scope", "no"), "missing_scope"],
    ["an error of the agent itself", () => new TypeError("x is not a function"), "agent_failed"],
    ["something that is no error", () => "a text", "agent_failed"],
  ])("are not made again after %s", async (_, fault, code) => {
    const test = start(1, fault);
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary).toMatchObject({ status: "failed", attempts: 1 });
    expect(summary.errors[0]?.code).toBe(code);
  });

  it("S18 survive a restart: neither a hand-back nor a lost lease is one", async () => {
    const test = start(2, unavailable);
    const retries = { maxAttempts: 3, baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const { id } = await test.engine.submit(test.spec({ retries }));
    for (let round = 0; round < 12; round += 1) {
      const worker = test.work();
      await test.clock.advance(9_000);
      await worker.stop();
    }
    const worker = test.work();
    await test.clock.advance(200_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", attempt: 3 });
    const events = (await test.events(id)).filter((event) => event.type === "job.started");
    expect(events.map((event) => event.data.attempt)).toEqual([1, 2, 3]);
  });

  it("S17 that fail while a pause is asked for wait until the job is resumed", async () => {
    const test = start(1, unavailable);
    const { id } = await test.engine.submit(test.spec());
    const pausing = createTestEngine(
      {
        ...test.agent,
        async run(spec, context) {
          if (context.partial || test.agent.runs.length > 0) return test.agent.run(spec, context);
          test.agent.runs.push(false);
          await test.engine.pause(id);
          throw unavailable();
        },
      },
      { clock: test.clock, store: test.store },
    );
    const worker = pausing.work();
    await test.clock.advance(60_000);
    expect(await test.engine.job(id)).toMatchObject({ status: "paused", desired: null, attempt: 1 });
    await test.engine.resume(id);
    await test.clock.advance(60_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "completed" });
  });

  it("S16 are not waited for by a job that is to be cancelled", async () => {
    const test = start(1, unavailable);
    const retries = { maxAttempts: 3, baseDelayMs: 600_000, maxDelayMs: 3_600_000 };
    const { id } = await test.engine.submit(test.spec({ retries }));
    const worker = test.work();
    await test.clock.advance(1_000);
    expect(await test.types(id)).toContain("job.retrying");
    await test.until(test.engine.cancel(id));
    expect(await test.engine.job(id)).toMatchObject({ status: "cancelled" });
    await worker.stop();
  });
});
