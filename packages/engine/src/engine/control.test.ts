import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { type ThreeStageOptions, threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import { isTerminalEvent } from "../event/job-event.ts";
import type { JobStatus } from "../job/job-status.ts";
import { createFakeClock } from "../testing/fake-clock.ts";

function start(options: ThreeStageOptions = {}) {
  const clock = createFakeClock();
  const agent = threeStageAgent({ sleep: clock.sleep, answerMs: 100, ...options });
  return { agent, ...createTestEngine(agent, { clock }) };
}

type Test = ReturnType<typeof start>;

async function statusOf(test: Test, jobId: string): Promise<JobStatus | undefined> {
  return (await test.engine.job(jobId))?.status;
}

/** Lets a job come into a status. */
const into: Record<JobStatus, (test: Test) => Promise<string>> = {
  async queued(test) {
    return (await test.engine.submit(test.spec())).id;
  },
  async running(test) {
    const id = await into.queued(test);
    test.work();
    await test.clock.advance(250);
    return id;
  },
  async paused(test) {
    const id = await into.queued(test);
    await test.engine.pause(id);
    return id;
  },
  async completed(test) {
    return (await test.until(test.engine.runInproc(test.spec()))).jobId ?? "";
  },
  async failed(test) {
    const failing = createTestEngine(
      {
        ...test.agent,
        run: () => Promise.reject(new CmoError("missing_scope", "no")),
      },
      { clock: test.clock, store: test.store },
    );
    return (await test.until(failing.engine.runInproc(test.spec()))).jobId ?? "";
  },
  async cancelled(test) {
    const id = await into.queued(test);
    await test.engine.cancel(id);
    return id;
  },
};

describe("control of a job", () => {
  const outcomes: Record<JobStatus, Record<"pause" | "resume" | "cancel" | "retry", string>> = {
    queued: { pause: "paused", resume: "conflict", cancel: "cancelled", retry: "conflict" },
    running: { pause: "paused", resume: "conflict", cancel: "cancelled", retry: "conflict" },
    paused: { pause: "conflict", resume: "completed", cancel: "cancelled", retry: "conflict" },
    completed: { pause: "conflict", resume: "conflict", cancel: "conflict", retry: "conflict" },
    failed: { pause: "conflict", resume: "conflict", cancel: "conflict", retry: "new" },
    cancelled: { pause: "conflict", resume: "conflict", cancel: "conflict", retry: "new" },
  };

  for (const [status, byCall] of Object.entries(outcomes)) {
    for (const [call, outcome] of Object.entries(byCall)) {
      it(`S17 S18 answers ${call} of a ${status} job with: ${outcome}`, async () => {
        const test = start();
        const id = await into[status as JobStatus](test);
        const before = await test.engine.job(id);
        const asked = test.engine[call as "pause"](id);
        if (outcome === "conflict") {
          await expect(asked).rejects.toMatchObject({ code: "conflict" });
          expect(await test.engine.job(id)).toEqual(before);
          return;
        }
        const answered = await asked;
        const worker = test.work();
        await test.clock.advance(30_000);
        await worker.stop();
        if (outcome !== "new") {
          expect(await statusOf(test, id)).toBe(outcome);
          expect((await test.events(id)).filter(isTerminalEvent)).toHaveLength(outcome === "paused" ? 0 : 1);
          return;
        }
        expect(answered.id).not.toBe(id);
        expect(answered.parentJobId).toBe(id);
        expect(await statusOf(test, answered.id)).toBe("completed");
        expect(await test.engine.job(id)).toEqual(before);
      });
    }
  }

  it("says that there is no such job", async () => {
    const test = start();
    for (const call of ["pause", "resume", "cancel", "retry", "summary"] as const) {
      await expect(test.engine[call]("nobody")).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await test.engine.job("nobody")).toBeNull();
    await expect(test.engine.watch("nobody")[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("S17 pauses and resumes under the same id, and asks nothing twice but what was in flight", async () => {
    const test = start({ items: 20, concurrency: 2, batchSize: 2 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(450);
    await test.engine.pause(id);
    expect(await test.engine.job(id)).toMatchObject({ status: "running", desired: "paused" });
    await test.clock.advance(1_000);
    expect(await test.engine.job(id)).toMatchObject({ status: "paused", desired: null, leaseOwner: null });
    const before = test.agent.asked.length;
    await test.clock.advance(3_600_000);
    expect(test.agent.asked).toHaveLength(before);
    await test.engine.resume(id);
    await test.clock.advance(30_000);
    await worker.stop();
    expect(await statusOf(test, id)).toBe("completed");
    expect(test.agent.asked.length - new Set(test.agent.asked).size).toBeLessThanOrEqual(4);
    const types = await test.types(id);
    expect(types.filter((type) => type.startsWith("job."))).toEqual([
      "job.queued",
      "job.started",
      "job.paused",
      "job.resumed",
      "job.completed",
    ]);
    expect((await test.engine.summary(id)).attempts).toBe(1);
  });

  it("S17 leaves other jobs alone when one is paused, and its slot to them", async () => {
    const test = start({ items: 6 });
    const worker = test.work(1);
    const first = await test.engine.submit(test.spec());
    const second = await test.engine.submit(test.spec());
    await test.clock.advance(150);
    await test.engine.pause(first.id);
    await test.clock.advance(30_000);
    expect(await statusOf(test, first.id)).toBe("paused");
    expect(await statusOf(test, second.id)).toBe("completed");
    await worker.stop();
  });

  it("takes back a pause that the worker has not seen, or sees at the same moment", async () => {
    const test = start({ items: 9 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(150);
    await test.engine.pause(id);
    await test.engine.resume(id);
    await test.clock.advance(30_000);
    await worker.stop();
    expect(await statusOf(test, id)).toBe("completed");
    expect(await test.types(id)).not.toContain("job.paused");
    expect((await test.engine.job(id))?.attempt).toBe(1);
  });

  it("S16 keeps a cancel that comes while the job is being paused", async () => {
    const test = start({ items: 9 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(150);
    await test.engine.pause(id);
    await test.engine.cancel(id);
    await expect(test.engine.pause(id)).rejects.toMatchObject({ code: "conflict" });
    await test.clock.advance(30_000);
    await worker.stop();
    expect(await statusOf(test, id)).toBe("cancelled");
    expect((await test.events(id)).at(-1)).toMatchObject({ type: "job.cancelled", data: { partial: true } });
  });

  it("S16 aborts what is in flight on a cancel, asks nothing more, and keeps what was found", async () => {
    const test = start({ items: 40, answerMs: 60_000 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(125_000);
    const asked = test.agent.asked.length;
    await test.engine.cancel(id);
    await test.clock.advance(1_000);
    expect(await statusOf(test, id)).toBe("cancelled");
    expect(test.agent.asked).toHaveLength(asked);
    const events = await test.events(id);
    expect(events.filter(isTerminalEvent)).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("job.cancelled");
    const summary = await test.engine.summary(id);
    expect(summary).toMatchObject({ ok: false, partial: true, counts: { reposMatched: 4 } });
    await test.clock.advance(3_600_000);
    expect(await test.events(id)).toEqual(events);
    await worker.stop();
  });

  it("S16 ends as cancelled, and not as failed, when the agent fails on being stopped", async () => {
    const test = start({
      answerMs: 1_000,
      onBatch() {
        throw new CmoError("source_unavailable", "the connection was cut");
      },
    });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await test.clock.settle();
    await test.engine.cancel(id);
    await test.clock.advance(120_000);
    await worker.stop();
    expect(await statusOf(test, id)).toBe("cancelled");
    expect(await test.types(id)).not.toContain("job.failed");
  });

  it("S16 brings a job that nobody works on to its end at once, with what it has", async () => {
    const test = start({ items: 9 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(250);
    await worker.stop();
    expect(await statusOf(test, id)).toBe("queued");
    const asked = test.agent.asked.length;
    const job = await test.until(test.engine.cancel(id));
    expect(job.status).toBe("cancelled");
    expect(test.agent.asked).toHaveLength(asked);
    expect(await test.engine.summary(id)).toMatchObject({ partial: true, counts: { reposMatched: 4 } });
  });

  it("S16 cancels a paused job with what it has", async () => {
    const test = start({ items: 9 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(250);
    await test.engine.pause(id);
    await test.clock.advance(1_000);
    await worker.stop();
    const job = await test.until(test.engine.cancel(id));
    expect(job).toMatchObject({ status: "cancelled", leaseOwner: null });
    expect((await test.engine.summary(id)).partial).toBe(true);
  });

  it("S12 acknowledges nothing and changes nothing after the end", async () => {
    const test = start();
    const id = await into.completed(test);
    const [events, job] = [await test.events(id), await test.engine.job(id)];
    for (const call of ["pause", "resume", "cancel"] as const) {
      await expect(test.engine[call](id)).rejects.toMatchObject({
        code: "conflict",
        hint: expect.any(String),
      });
    }
    expect(await test.events(id)).toEqual(events);
    expect(await test.engine.job(id)).toEqual(job);
  });

  it("S18 retries a cancelled job as a new one that repeats no request that was answered", async () => {
    const test = start({ items: 10 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec(), { tenant: "acme" });
    await test.clock.advance(650);
    await test.engine.cancel(id);
    await test.clock.advance(5_000);
    const answered = new Set(
      (
        await Promise.all(
          ["find", "look"].map(async (kind) => {
            const ids = Array.from({ length: 100 }, (_, index) => `${index}`);
            return [...(await test.store.readTaskResults(id, kind, ids)).keys()].map(
              (item) => `${kind}:${item}`,
            );
          }),
        )
      ).flat(),
    );
    expect(answered.size).toBeGreaterThan(3);
    test.agent.asked.length = 0;
    const again = await test.engine.retry(id);
    expect(again.tenant).toBe("acme");
    await test.clock.advance(30_000);
    await worker.stop();
    expect(await statusOf(test, again.id)).toBe("completed");
    expect(test.agent.asked.filter((item) => answered.has(item))).toEqual([]);
    expect((await test.engine.summary(again.id)).parentJobId).toBe(id);
    expect(await statusOf(test, id)).toBe("cancelled");
  });
});
