import { describe, expect, it } from "vitest";
import { failingStore } from "../../test/support/failing-store.ts";
import { mortalStore } from "../../test/support/mortal-store.ts";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import { canonicalLog } from "../event/canonical-log.ts";
import { isTerminalEvent } from "../event/job-event.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { comparableSummary } from "../summary/run-summary.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";

const shape = { items: 5, answerMs: 20, batchSize: 2, concurrency: 2 };
const inFlight = shape.batchSize * shape.concurrency;

async function undisturbed() {
  const clock = createFakeClock();
  const agent = threeStageAgent({ ...shape, sleep: clock.sleep });
  const places: string[] = [];
  const store = failingStore(createMemoryStore({ clock, random: seededRandom(1) }), () => null);
  const test = createTestEngine(
    threeStageAgent({ ...shape, sleep: clock.sleep, onReport: (p) => void places.push(p) }),
    {
      clock,
      store,
    },
  );
  const summary = await test.until(test.engine.runInproc(test.spec(), [], { jobId: "job_1" }));
  return {
    agent,
    places,
    effects: store.effects(),
    log: canonicalLog(await test.events("job_1")),
    summary: comparableSummary(summary),
    leads: await store.readLeads("job_1", { afterRank: 0, limit: 100 }),
  };
}

async function finishAfterCrash(shared: Store, clock: ReturnType<typeof createFakeClock>) {
  const agent = threeStageAgent({ ...shape, sleep: clock.sleep });
  const next = createTestEngine(agent, { clock, store: shared, seed: 9 });
  if ((await shared.readJob("job_1")) === null) return null;
  const worker = next.work();
  await clock.advance(120_000);
  await worker.stop();
  const events = await next.events("job_1");
  return {
    asked: agent.asked,
    events,
    log: canonicalLog(events),
    job: await shared.readJob("job_1"),
    summary: comparableSummary(await next.engine.summary("job_1")),
    leads: await shared.readLeads("job_1", { afterRank: 0, limit: 100 }),
  };
}

describe("a crash", () => {
  it("S13 at any effect on the store, before or after it, costs only what was in flight", async () => {
    const calm = await undisturbed();
    expect(calm.effects).toBeGreaterThanOrEqual(30);
    let crashes = 0;
    for (let index = 1; index <= calm.effects; index += 1) {
      for (const after of [false, true]) {
        const clock = createFakeClock();
        const memory = createMemoryStore({ clock, random: seededRandom(1) });
        const process = mortalStore(memory, (effect) => effect.index === index && effect.after === after);
        const own = createFakeClock();
        const agent = threeStageAgent({ ...shape, sleep: own.sleep });
        const first = createTestEngine(agent, { clock: own, store: process.store, seed: 4 });
        first.engine.submit(first.spec(), { jobId: "job_1" }).catch(() => {});
        const working = first.engine.startWorker({ signal: new AbortController().signal });
        working.catch(() => {});
        while (!process.isDead() && own.now() < Date.parse("2030-01-01T00:01:00.000Z")) await own.advance(20);
        if (!process.isDead()) continue;
        crashes += 1;
        const before =
          (await memory.readJob("job_1")) === null ? [] : await memory.readEvents("job_1", 0, 1_000);

        const end = await finishAfterCrash(memory, clock);
        if (end === null) continue;
        const at = `crash ${after ? "after" : "before"} effect ${index}`;
        expect(end.job?.status, at).toBe("completed");
        expect(end.job?.attempt, at).toBe(1);
        expect(end.log, at).toEqual(calm.log);
        expect(end.summary, at).toEqual(calm.summary);
        expect(end.leads, at).toEqual(calm.leads);
        expect(end.events.slice(0, before.length), at).toEqual(before);
        expect(end.events.filter(isTerminalEvent), at).toHaveLength(1);
        const repeated = end.asked.filter((item) => agent.asked.includes(item));
        expect(repeated.length, at).toBeLessThanOrEqual(inFlight);
        expect(new Set(end.asked).size, at).toBe(end.asked.length);
      }
    }
    expect(crashes).toBeGreaterThan(calm.effects);
  });

  it("of the connection to the store at any effect, before or after it was written, costs at most an attempt", async () => {
    const calm = await undisturbed();
    for (let index = 1; index <= calm.effects + 10; index += 1) {
      for (const after of [false, true]) {
        const at = `fault ${after ? "after" : "before"} effect ${index}`;
        const clock = createFakeClock();
        const memory = createMemoryStore({ clock, random: seededRandom(1) });
        const fault = new CmoError("store_unavailable", "the connection was lost");
        const store = failingStore(memory, (effect) =>
          effect.index === index && effect.after === after ? fault : null,
        );
        const agent = threeStageAgent({ ...shape, sleep: clock.sleep });
        const test = createTestEngine(agent, { clock, store, seed: 4 });
        await test.engine.submit(test.spec(), { jobId: "job_1" }).catch(() => {});
        if ((await memory.readJob("job_1")) === null) continue;
        const worker = test.work();
        await clock.advance(120_000);
        await worker.stop();
        const events = await memory.readEvents("job_1", 0, 1_000);
        const job = await memory.readJob("job_1");
        expect(job?.status, at).toBe("completed");
        expect(job?.attempt, at).toBeLessThanOrEqual(2);
        expect(canonicalLog(events), at).toEqual(calm.log);
        expect(await memory.readLeads("job_1", { afterRank: 0, limit: 100 }), at).toEqual(calm.leads);
        const summary = await createTestEngine(agent, { clock, store: memory }).engine.summary("job_1");
        expect(comparableSummary(summary), at).toEqual(calm.summary);
        const calls = events
          .filter((event) => event.type === "tool.started")
          .map((event) => event.data.callId);
        expect(new Set(calls).size, at).toBe(calls.length);
      }
    }
  });

  it("S13 after any report of the agent logs no canonical event twice", async () => {
    const calm = await undisturbed();
    expect(calm.places.length).toBeGreaterThan(10);
    for (const place of calm.places) {
      const clock = createFakeClock();
      const memory = createMemoryStore({ clock, random: seededRandom(1) });
      const process = mortalStore(memory, () => false);
      const own = createFakeClock();
      const agent = threeStageAgent({
        ...shape,
        sleep: own.sleep,
        async onReport(reached) {
          if (reached !== place) return;
          // What was reported may have been stored by now, or not.
          if (place.length % 2 === 0) await own.settle();
          process.die();
          await new Promise(() => {});
        },
      });
      const first = createTestEngine(agent, { clock: own, store: process.store, seed: 4 });
      await first.engine.submit(first.spec(), { jobId: "job_1" });
      first.engine.startWorker({ signal: new AbortController().signal }).catch(() => {});
      await own.advance(2_000);
      expect(process.isDead()).toBe(true);
      const end = await finishAfterCrash(memory, clock);
      expect(end?.log, place).toEqual(calm.log);
      expect(end?.summary, place).toEqual(calm.summary);
    }
  });

  it("S13 again and again, every few milliseconds, still ends in the same", async () => {
    const calm = await undisturbed();
    for (const every of [30, 50, 70, 110]) {
      const clock = createFakeClock();
      const memory = createMemoryStore({ clock, random: seededRandom(1) });
      const starter = createTestEngine(threeStageAgent(shape), { clock, store: memory });
      await starter.engine.submit(starter.spec(), { jobId: "job_1" });
      let rounds = 0;
      let asked = 0;
      for (; (await memory.readJob("job_1"))?.status !== "completed" && rounds < 60; rounds += 1) {
        const process = mortalStore(memory, () => false);
        const agent = threeStageAgent({ ...shape, sleep: clock.sleep });
        const one = createTestEngine(agent, { clock, store: process.store, seed: 10 + rounds });
        one.engine.startWorker({ signal: new AbortController().signal }).catch(() => {});
        await clock.advance(every);
        process.die();
        await clock.advance(31_000);
        asked += agent.asked.length;
      }
      expect(rounds).toBeGreaterThan(1);
      const events = await memory.readEvents("job_1", 0, 10_000);
      expect(canonicalLog(events)).toEqual(calm.log);
      expect(comparableSummary(await starter.engine.summary("job_1"))).toEqual(calm.summary);
      expect(asked).toBeLessThanOrEqual(10 + rounds * inFlight);
      expect((await memory.readJob("job_1"))?.attempt).toBe(1);
    }
  });
});
