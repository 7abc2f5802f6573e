import { describe, expect, it } from "vitest";
import { failingStore } from "../../test/support/failing-store.ts";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { type ThreeStageOptions, threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import { canonicalLog } from "../event/canonical-log.ts";
import { isTerminalEvent } from "../event/job-event.ts";
import type { Agent } from "../port/agent.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { comparableSummary } from "../summary/run-summary.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";

function start(options: ThreeStageOptions = {}) {
  const clock = createFakeClock();
  const agent = threeStageAgent({ sleep: clock.sleep, answerMs: 100, ...options });
  return { agent, ...createTestEngine(agent, { clock }) };
}

/** An agent that only waits, so that a test sees who works on what, and when. */
function waitingAgent(clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> }, ms: number) {
  const began: string[] = [];
  const agent: Agent = {
    name: "test",
    version: "1.0.0",
    plan: () => ["wait"],
    async run(spec, context) {
      if (context.partial) return;
      began.push(spec.goal);
      await clock.sleep(ms, context.signal);
      if (context.signal.aborted) throw new CmoError("cancelled", "stopped");
    },
  };
  return { agent, began };
}

describe("a worker", () => {
  it("S18 takes the greatest priority first, the oldest of the same, and none before its time", async () => {
    const clock = createFakeClock();
    const { agent, began } = waitingAgent(clock, 10);
    const test = createTestEngine(agent, { clock });
    const submit = (goal: string, options = {}) => test.engine.submit(test.spec({ goal }), options);
    await submit("one", { priority: 1 });
    await clock.advance(1);
    await submit("twenty", { priority: 20 });
    await submit("later", { priority: 99, notBefore: clock.now() + 60_000 });
    await clock.advance(1);
    await submit("one more", { priority: 1 });
    const worker = test.work();
    await clock.advance(5_000);
    expect(began).toEqual(["twenty", "one", "one more"]);
    await clock.advance(60_000);
    expect(began.at(-1)).toBe("later");
    await worker.stop();
  });

  it("works on as many jobs at once as it was told, and takes the next when one ends", async () => {
    const clock = createFakeClock();
    const { agent, began } = waitingAgent(clock, 1_000);
    const test = createTestEngine(agent, { clock });
    const worker = test.work(2);
    for (const goal of ["a", "b", "c"]) await test.engine.submit(test.spec({ goal }));
    await clock.advance(900);
    expect(began).toEqual(["a", "b"]);
    await clock.advance(200);
    expect(began).toEqual(["a", "b", "c"]);
    await worker.stop();
  });

  it("sees a new job at once, without waiting for its poll", async () => {
    const clock = createFakeClock();
    const { agent, began } = waitingAgent(clock, 0);
    const test = createTestEngine(agent, { clock, pollMs: 3_600_000 });
    const worker = test.work();
    await clock.settle();
    await test.engine.submit(test.spec({ goal: "a" }));
    await clock.settle();
    expect(began).toEqual(["a"]);
    await worker.stop();
  });

  it("S19 hands its jobs back when it is stopped: the next goes on, in the same attempt, and asks nothing twice but what was in flight", async () => {
    const test = start({ items: 12 });
    const first = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(450);
    await first.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "queued", leaseOwner: null, attempt: 1 });
    expect((await test.events(id)).some(isTerminalEvent)).toBe(false);
    const second = test.work();
    await test.clock.advance(30_000);
    await second.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", attempt: 1, epoch: 2 });
    expect(test.agent.asked.length - new Set(test.agent.asked).size).toBeLessThanOrEqual(4);
    const jobTypes = (await test.types(id)).filter((type) => type.startsWith("job."));
    expect(jobTypes).toEqual(["job.queued", "job.started", "job.resumed", "job.completed"]);
  });

  it("S19 hands back a job that it was bringing to a partial end", async () => {
    const clock = createFakeClock();
    const agent = threeStageAgent({
      sleep: clock.sleep,
      answerMs: 100,
      async onReport(place, context) {
        if (context.partial && place === "find.started") await clock.sleep(60_000, context.signal);
        if (context.signal.aborted) throw new CmoError("cancelled", "stopped");
      },
    });
    const test = createTestEngine(agent, { clock });
    const first = test.work();
    const { id } = await test.engine.submit(test.spec());
    await clock.advance(250);
    await test.engine.cancel(id);
    await clock.advance(10_000);
    await first.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "queued", desired: "cancelled" });
    const second = test.work();
    await clock.advance(120_000);
    await second.stop();
    expect((await test.events(id)).at(-1)).toMatchObject({ type: "job.cancelled", data: { partial: true } });
    expect(await test.types(id)).not.toContain("job.failed");
  });

  it("S14 leaves a healthy job alone, however many workers come and go", async () => {
    const test = start({ items: 30, answerMs: 5_000 });
    const first = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(1_000);
    for (let round = 0; round < 20; round += 1) {
      const other = createTestEngine(test.agent, {
        clock: test.clock,
        store: test.store,
        seed: 50 + round,
      }).work(3);
      await test.clock.advance(20_000);
      await other.stop();
    }
    expect(await test.engine.job(id)).toMatchObject({ epoch: 1, attempt: 1 });
    await first.stop();
  });

  it("S15 refuses everything that a worker writes who was frozen past its lease, and the next ends as if nothing had been", async () => {
    const undisturbed = start({ items: 9 });
    const calm = await undisturbed.until(undisturbed.engine.runInproc(undisturbed.spec()));

    // The frozen worker's own time stands still while the store's goes on.
    const storeClock = createFakeClock();
    const store = createMemoryStore({ clock: storeClock, random: seededRandom(1) });
    const frozenClock = createFakeClock();
    const frozenAgent = threeStageAgent({ items: 9, answerMs: 100, sleep: frozenClock.sleep });
    const frozen = createTestEngine(frozenAgent, { clock: frozenClock, store, seed: 2 });
    const frozenWorker = frozen.work();
    const { id } = await frozen.engine.submit(frozen.spec());
    await frozenClock.advance(250);
    const asked = frozenAgent.asked.length;
    await storeClock.advance(31_000);

    const nextAgent = threeStageAgent({ items: 9, answerMs: 100, sleep: storeClock.sleep });
    const next = createTestEngine(nextAgent, { clock: storeClock, store, seed: 3 });
    const nextWorker = next.work();
    await storeClock.advance(550);
    expect(await next.engine.job(id)).toMatchObject({ epoch: 2, status: "running" });
    const before = await next.events(id);

    await frozenClock.advance(60_000);
    expect(await next.events(id)).toEqual(before);
    expect(frozenAgent.asked.length).toBeLessThanOrEqual(asked + 4);
    expect(frozenAgent.runs).toEqual([false]);

    await storeClock.advance(60_000);
    expect(await next.engine.job(id)).toMatchObject({ status: "completed", attempt: 1, epoch: 2 });
    expect(canonicalLog(await next.events(id))).toEqual(
      canonicalLog(await undisturbed.events(calm.jobId ?? "")),
    );
    expect(comparableSummary(await next.engine.summary(id))).toEqual(comparableSummary(calm));
    await nextWorker.stop();
    await frozenWorker.stop();
  });

  it("claims a job again whose lease ran out while nobody else was there", async () => {
    const storeClock = createFakeClock();
    const store = createMemoryStore({ clock: storeClock, random: seededRandom(1) });
    const clock = createFakeClock();
    const test = createTestEngine(threeStageAgent({ items: 9, answerMs: 100, sleep: clock.sleep }), {
      clock,
      store,
    });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await clock.advance(250);
    await storeClock.advance(3_600_000);
    await clock.advance(30_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", attempt: 1, epoch: 2 });
  });

  it("keeps its lease through a task that takes longer than the lease", async () => {
    const test = start({ items: 2, answerMs: 600_000 });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await test.clock.advance(3_000_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", epoch: 1 });
  });

  it("goes on when its store was out of reach for a while", async () => {
    const clock = createFakeClock();
    let down = false;
    const memory = createMemoryStore({ clock, random: seededRandom(1) });
    const store = failingStore(memory, () =>
      down ? new CmoError("store_unavailable", "out of reach") : null,
    );
    const test = createTestEngine(threeStageAgent({ items: 9, answerMs: 100, sleep: clock.sleep }), {
      clock,
      store,
    });
    const worker = test.work();
    const { id } = await test.engine.submit(test.spec());
    await clock.advance(250);
    down = true;
    await clock.advance(40_000);
    down = false;
    await clock.advance(120_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "completed" });
    expect((await test.events(id)).filter(isTerminalEvent)).toHaveLength(1);
  });

  it("ends with what its store says that another try cannot mend", async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore({ clock, random: seededRandom(1) });
    const store = failingStore(memory, () => new CmoError("store_corrupt", "the file is damaged"));
    const test = createTestEngine(threeStageAgent(), { clock, store });
    const working = test.engine.startWorker({ signal: new AbortController().signal });
    await expect(test.until(working)).rejects.toMatchObject({ code: "store_corrupt" });
  });

  it("S11 stops a job whose minutes are over, with what it has", async () => {
    const test = start({ items: 9, answerMs: 50_000 });
    const limits = { ...test.spec().limits, timeoutMinutes: 3 };
    const { id } = await test.engine.submit(test.spec({ limits }));
    const worker = test.work();
    await test.clock.advance(170_000);
    expect((await test.engine.job(id))?.status).toBe("running");
    await test.clock.advance(11_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({
      status: "failed",
      attempt: 1,
      error: { code: "timeout" },
    });
    const summary = await test.engine.summary(id);
    expect(summary).toMatchObject({ ok: false, partial: true });
    expect(summary.errors[0]).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("timeout_minutes"),
    });
    expect(summary.counts.leads).toBe(0);
    expect(summary.counts.reposMatched).toBeGreaterThan(3);
  });

  it("counts the minutes of a job by the store's clock, however far its own is ahead of that", async () => {
    const clock = createFakeClock();
    const late = { ...clock, now: () => clock.now() - 5 * 3_600_000 };
    const store = createMemoryStore({ clock: late, random: seededRandom(1) });
    const test = createTestEngine(threeStageAgent({ sleep: clock.sleep, answerMs: 100 }), { clock, store });
    const limits = { ...test.spec().limits, timeoutMinutes: 3 };
    const { id } = await test.engine.submit(test.spec({ limits }));
    const worker = test.work();
    await clock.advance(60_000);
    await worker.stop();
    expect((await test.engine.job(id))?.status).toBe("completed");
  });

  it("S11 fails with what stopped it when the store refused an event, and not with how the agent took it", async () => {
    const clock = createFakeClock();
    const memory = createMemoryStore({ clock, random: seededRandom(1) });
    let faults = 0;
    const store = failingStore(memory, ({ method, after }) => {
      if (faults === 0 || method !== "updateJob" || after) return null;
      faults -= 1;
      return new CmoError("store_unavailable", "out of reach");
    });
    let batches = 0;
    const agent = threeStageAgent({
      items: 4,
      answerMs: 1_000,
      sleep: clock.sleep,
      onBatch() {
        batches += 1;
        if (batches === 1) faults = 1;
      },
    });
    const test = createTestEngine(agent, { clock, store });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(100_000);
    await worker.stop();
    const retrying = (await test.events(id)).find((event) => event.type === "job.retrying");
    expect(retrying?.data.error).toMatchObject({ code: "store_unavailable" });
    expect((await test.engine.job(id))?.status).toBe("completed");
  });
});
