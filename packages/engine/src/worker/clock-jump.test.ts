import { describe, expect, it } from "vitest";
import { jumpingClock } from "../../test/support/model-store.ts";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Agent } from "../port/agent.ts";

const hour = 3_600_000;

function start(agentOf: (sleep: (ms: number, signal?: AbortSignal) => Promise<void>) => Agent) {
  const clock = jumpingClock();
  return { clock, test: createTestEngine(agentOf(clock.sleep), { clock }) };
}

const steps = (sleep: (ms: number, signal?: AbortSignal) => Promise<void>) =>
  threeStageAgent({ sleep, answerMs: 2_000 });

describe("a clock that is set while jobs wait or run", () => {
  it("S18 starts no scheduled job before its time when it is set back, and starts it when it is set on", async () => {
    const { clock, test } = start(steps);
    const worker = test.work();
    const notBefore = clock.now() + hour;
    const { id } = await test.engine.submit(test.spec(), { notBefore });
    const status = async () => (await test.engine.job(id))?.status;
    await clock.advance(hour / 2);
    clock.jump(-hour / 4);
    // By the time that has passed it would be due; by the clock it is not.
    await clock.advance(hour / 2);
    expect(clock.now()).toBeLessThan(notBefore);
    expect(await status()).toBe("queued");
    clock.jump(hour / 4);
    await clock.advance(2_000);
    expect((await test.engine.job(id))?.startedAt).toBeGreaterThanOrEqual(notBefore);
    await clock.advance(60_000);
    expect(await status()).toBe("completed");
    await worker.stop();
  });

  it("S14 S15 set on past the lease, costs neither an attempt nor a request that was answered", async () => {
    const clock = jumpingClock();
    const agent = threeStageAgent({ sleep: clock.sleep, answerMs: 2_000 });
    const test = createTestEngine(agent, { clock });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(5_000);
    const stored = (await test.store.readTaskResults(id, "find", ["1", "2", "3", "4"])).size;
    expect(stored).toBeGreaterThan(0);
    clock.jump(hour);
    await clock.advance(120_000);
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", attempt: 1, epoch: 2 });
    const repeated = agent.asked.length - new Set(agent.asked).size;
    // Two batches of two were in flight.
    expect(repeated).toBeLessThanOrEqual(4);
    await worker.stop();
  });

  it("S14 set back, keeps the lease of a worker alive by any clock", async () => {
    const { clock, test } = start(steps);
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(1_000);
    clock.jump(-hour);
    const leases = new Set<number>();
    for (let second = 0; second < 12; second += 1) {
      await clock.advance(1_000);
      leases.add((await test.engine.job(id))?.leaseUntil ?? 0);
    }
    // It was renewed by the new time at once, not only when the clock is where it was.
    expect([...leases].at(-1)).toBeLessThanOrEqual(clock.now() + 30_000);
    await clock.advance(60_000);
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", attempt: 1, epoch: 1 });
    await worker.stop();
  });
});

describe("attempts", () => {
  it("S18 are counted over restarts, between attempts and in the middle of one, and end at their cap", async () => {
    const clock = jumpingClock();
    let runs = 0;
    const agent: Agent = {
      name: "test",
      version: "1.0.0",
      plan: () => ["work"],
      async run(_spec, context) {
        if (context.partial) return;
        runs += 1;
        await clock.sleep(5_000, context.signal);
        throw new CmoError(context.signal.aborted ? "cancelled" : "source_unavailable", "out of reach");
      },
    };
    const test = createTestEngine(agent, { clock });
    const retries = { maxAttempts: 3, baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const { id } = await test.engine.submit(test.spec({ retries }));
    const another = () => createTestEngine(agent, { clock, store: test.store, seed: runs + 7 }).work();
    let worker = another();
    await clock.advance(2_000);
    // In the middle of the first attempt: handed back, and no attempt.
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({ status: "queued", attempt: 1, attemptOpen: false });
    worker = another();
    await clock.advance(10_000);
    // Between the first and the second.
    expect(await test.engine.job(id)).toMatchObject({ status: "queued", attempt: 1, attemptOpen: true });
    await worker.stop();
    worker = another();
    await clock.advance(300_000);
    expect(await test.engine.job(id)).toMatchObject({
      status: "failed",
      attempt: 3,
      error: { code: "source_unavailable" },
    });
    expect(runs).toBe(4);
    const types = await test.types(id);
    expect(types.filter((type) => type === "job.started")).toHaveLength(3);
    expect(types.filter((type) => type === "job.retrying")).toHaveLength(2);
    await worker.stop();
  });
});
