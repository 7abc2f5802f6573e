import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import type { Agent } from "../port/agent.ts";
import type { JobChange } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { testDigest } from "../testing/test-digest.ts";

/** An agent that keeps in mind how far it is, and works a second on each of ten things. */
function steadyAgent(clock: FakeClock) {
  const begins: unknown[] = [];
  const agent: Agent = {
    name: "test",
    version: "1.0.0",
    plan: () => ["work"],
    async run(_spec, context) {
      begins.push(context.memory.restored());
      for (let done = Number(context.memory.restored() ?? 0); done < 10; done += 1) {
        await clock.sleep(1_000, context.signal);
        if (context.signal.aborted) throw new CmoError("cancelled", "stopped");
        await context.memory.save(done + 1);
      }
    },
  };
  return { agent, begins };
}

/** Erases as the erase of a person does: whoever works on a job is sent away, and its checkpoint is dropped. */
function eraseSomebody(store: Store): Promise<unknown> {
  const decide = (job: Job, now: number): JobChange => ({
    ...(hasLiveLease(job, now)
      ? releaseChange(job, now, testDigest, [], { status: "queued", notBefore: 0 })
      : {}),
    checkpoint: null,
  });
  return store.eraseRows(["ada"], () => null, decide);
}

describe("a job that is worked on while a person is erased", () => {
  it("S35 is begun again without what its worker had in mind, by that worker or another, in the same attempt", async () => {
    const clock = createFakeClock();
    const { agent, begins } = steadyAgent(clock);
    const test = createTestEngine(agent, { clock });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(3_500);
    await eraseSomebody(test.store);
    await clock.settle();
    // Promptly: nobody waits for a lease to run out.
    expect(begins).toEqual([null, null]);
    await clock.advance(20_000);
    expect(await test.engine.job(id)).toMatchObject({ status: "completed", attempt: 1, epoch: 2 });
    expect(await test.types(id)).toEqual(["job.queued", "job.started", "job.resumed", "job.completed"]);
    await worker.stop();
  });

  it("S35 is begun again by the command that attends it", async () => {
    const clock = createFakeClock();
    const { agent, begins } = steadyAgent(clock);
    const test = createTestEngine(agent, { clock });
    const running = test.engine.runInproc(test.spec());
    await clock.advance(3_500);
    await eraseSomebody(test.store);
    expect(await test.until(running)).toMatchObject({ status: "completed", attempts: 1 });
    expect(begins).toEqual([null, null]);
  });

  it("S35 stores nothing more of what was in flight", async () => {
    const clock = createFakeClock();
    const late: unknown[] = [];
    const agent: Agent = {
      ...steadyAgent(clock).agent,
      async run(_spec, context) {
        if (late.length > 0) return;
        await clock.sleep(1_000);
        await context.memory.save("ada").catch((error) => late.push(error));
      },
    };
    const test = createTestEngine(agent, { clock });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(500);
    await eraseSomebody(test.store);
    await clock.advance(5_000);
    expect(late).toMatchObject([{ code: "lease_lost" }]);
    expect(await test.engine.job(id)).toMatchObject({ status: "completed" });
    await worker.stop();
  });
});

describe("a job that is erased while it is worked on", () => {
  it("S35 ends quietly for its worker, which goes on with others", async () => {
    const clock = createFakeClock();
    const { agent, begins } = steadyAgent(clock);
    const test = createTestEngine(agent, { clock });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(3_500);
    await eraseAnyway(test.store, id, clock);
    const { id: other } = await test.engine.submit(test.spec());
    await clock.advance(60_000);
    expect(await test.engine.job(id)).toBeNull();
    expect(await test.engine.job(other)).toMatchObject({ status: "completed" });
    expect(begins).toEqual([null, null]);
    await worker.stop();
  });

  it("S35 tells an agent that goes on regardless that the job is no longer its own", async () => {
    const clock = createFakeClock();
    const late: unknown[] = [];
    const agent: Agent = {
      ...steadyAgent(clock).agent,
      async run(_spec, context) {
        await clock.sleep(1_000);
        await context.memory.save("more").catch((error) => late.push(error));
      },
    };
    const test = createTestEngine(agent, { clock });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(500);
    await eraseAnyway(test.store, id, clock);
    await clock.advance(5_000);
    expect(late).toMatchObject([{ code: "lease_lost" }]);
    await worker.stop();
  });

  it("S35 ends with not_found for who attends and who watches, instead of a wait without end", async () => {
    const clock = createFakeClock();
    const test = createTestEngine(threeStageAgent({ sleep: clock.sleep, answerMs: 1_000 }), { clock });
    const { id } = await test.engine.submit(test.spec());
    const seen: number[] = [];
    const watching = (async () => {
      for await (const event of test.engine.watch(id)) seen.push(event.seq);
    })();
    const settled = Promise.allSettled([test.engine.attend(id, [() => {}]), watching]);
    await clock.advance(2_500);
    await eraseAnyway(test.store, id, clock);
    const gone = { status: "rejected", reason: { code: "not_found" } };
    expect(await test.until(settled)).toMatchObject([gone, gone]);
    expect(seen.length).toBeGreaterThan(1);
  });

  it("S35 ends with not_found for who watches a job that waits", async () => {
    const test = createTestEngine(threeStageAgent());
    const { id } = await test.engine.submit(test.spec(), { notBefore: test.clock.now() + 1e9 });
    const iterator = test.engine.watch(id)[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    await test.clock.settle();
    await test.store.eraseJobs([id], "job");
    await expect(next).rejects.toMatchObject({ code: "not_found" });
  });
});

/** Erases a job that is held: its worker is frozen past its lease, as far as the store can tell. */
async function eraseAnyway(store: Store, jobId: string, clock: FakeClock): Promise<void> {
  await store.updateJob(jobId, () => ({ patch: { leaseUntil: clock.now() } }));
  await store.eraseJobs([jobId], "job");
}
