import { describe, expect, it } from "vitest";
import { slowStore } from "../../test/support/slow-store.ts";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { CmoError } from "../error/cmo-error.ts";
import { canonicalLog } from "../event/canonical-log.ts";
import type { Agent, AgentContext } from "../port/agent.ts";
import type { Store } from "../port/store.ts";
import { memorySink } from "../sink/memory-sink.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { comparableSummary } from "../summary/run-summary.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";

function open(delays: Parameters<typeof slowStore>[2]) {
  const clock = createFakeClock();
  const memory = createMemoryStore({ clock, random: seededRandom(1) });
  return { clock, memory, store: slowStore(memory, clock.sleep, delays) };
}

const artifact = (partial: boolean) => ({
  kind: "leads_json",
  name: "n",
  mediaType: "m",
  bytes: 1,
  rows: 1,
  digest: "d",
  partial,
});

function agentOf(run: (context: AgentContext) => Promise<void>): Agent {
  return { name: "test", version: "1", plan: () => ["work"], run: (_spec, context) => run(context) };
}

describe("on a store that takes its time", () => {
  it("S01 a campaign gives the same log and the same summary", async () => {
    const quick = open({});
    const slow = open({ createJob: 3, readJob: 11, updateJob: 7, claimNext: 5, readEvents: 9 });
    const ends = [];
    for (const { clock, store } of [quick, slow]) {
      const test = createTestEngine(threeStageAgent({ sleep: clock.sleep, items: 9 }), { clock, store });
      const { sink, events } = memorySink();
      const summary = await test.until(test.engine.runInproc(test.spec(), [sink]));
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
      ends.push({ log: canonicalLog(events), summary: comparableSummary(summary) });
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  it("a worker that writes all the time keeps its job, although its heartbeat has no turn", async () => {
    const clock = createFakeClock();
    // Time passes for the store only: as for a process that is too busy writing to hear its timers.
    let storeNow = clock.now();
    const memory = createMemoryStore({ clock: { now: () => storeNow }, random: seededRandom(1) });
    const store: Store = {
      ...memory,
      updateJob: (jobId, decide) => {
        storeNow += 400;
        return memory.updateJob(jobId, decide);
      },
    };
    let runs = 0;
    const test = createTestEngine(
      agentOf(async (context) => {
        runs += 1;
        if (runs > 3) throw new Error("It begins again and again.");
        for (let item = 0; item < 30; item += 1) {
          for await (const _answer of context.tasks("k", [{ id: `${item}`, input: {} }], async () => [
            { id: `${item}`, value: 1 },
          ])) {
            // Each is stored by itself.
          }
        }
      }),
      { clock, store, leaseMs: 1_000 },
    );
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.status).toBe("completed");
    expect(await memory.listJobs({ limit: 1 })).toMatchObject([{ epoch: 1 }]);
    expect(runs).toBe(1);
  });

  it("S16 a cancel holds that is acknowledged while the agent ends by itself", async () => {
    const { clock, memory, store } = open({ readJob: 50 });
    let asked = false;
    const test: ReturnType<typeof createTestEngine> = createTestEngine(
      agentOf(async (context) => {
        if (asked) return;
        asked = true;
        await memory.updateJob(context.jobId, () => ({ patch: { desired: "cancelled" } }));
      }),
      { clock, store },
    );
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.status).toBe("cancelled");
  });

  it("S16 a cancel holds that is acknowledged while an attempt fails, and nobody waits for the next one", async () => {
    const { clock, memory, store } = open({ readJob: 50 });
    const runs: boolean[] = [];
    const test = createTestEngine(
      agentOf(async (context) => {
        runs.push(context.partial);
        if (context.partial) return;
        await memory.updateJob(context.jobId, () => ({ patch: { desired: "cancelled" } }));
        throw new CmoError("timeout", "slow");
      }),
      { clock, store },
    );
    const retries = { maxAttempts: 3, baseDelayMs: 600_000, maxDelayMs: 3_600_000 };
    const summary = await test.until(test.engine.runInproc(test.spec({ retries })));
    expect(summary).toMatchObject({ status: "cancelled", attempts: 1 });
    expect(clock.now()).toBeLessThan(Date.parse("2030-01-01T00:10:00.000Z"));
    expect(runs).toEqual([false, true]);
  });

  it("S16 a cancel holds that is acknowledged while a job fails for good", async () => {
    const { clock, memory, store } = open({ readJob: 50 });
    const test = createTestEngine(
      agentOf(async (context) => {
        if (context.partial) return;
        await memory.updateJob(context.jobId, () => ({ patch: { desired: "cancelled" } }));
        throw new CmoError("missing_scope", "no");
      }),
      { clock, store },
    );
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.status).toBe("cancelled");
  });

  it("describes a file once, though the attempt that described it failed before this was stored", async () => {
    const { clock, store } = open({ updateJob: 20 });
    const test = createTestEngine(
      agentOf(async (context) => {
        context.artifact(artifact(context.partial));
        context.warn("data.target_not_met", "fewer");
        if (!context.partial) throw new CmoError("missing_scope", "no");
      }),
      { clock, store },
    );
    const summary = await test.until(test.engine.runInproc(test.spec()));
    const types = await test.types(summary.jobId ?? "");
    expect(types.filter((type) => type === "artifact.created")).toHaveLength(1);
    expect(types.filter((type) => type === "log")).toHaveLength(1);
  });

  it("S11 tells that a result is partial when that was the last thing to be said", async () => {
    const { clock, store } = open({ updateJob: 20 });
    const test = createTestEngine(
      agentOf(async (context) => {
        if (context.partial) {
          context.warn("before", "a write is under way");
          await clock.sleep(5);
          context.artifact(artifact(true));
        }
        throw new CmoError("missing_scope", "no");
      }),
      { clock, store },
    );
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary).toMatchObject({ status: "failed", partial: true });
    expect(summary.warnings.map((one) => one.code)).toEqual(["before", "partial.incomplete"]);
  });

  it("tells of a sink that failed before the work began", async () => {
    const { clock, store } = open({ claimNext: 200 });
    const test = createTestEngine(threeStageAgent({ sleep: clock.sleep }), { clock, store });
    const failing = () => {
      throw new Error("broken at once");
    };
    const summary = await test.until(test.engine.runInproc(test.spec(), [failing]));
    expect(summary.warnings.map((one) => one.code)).toContain("sink.dropped");
  });

  it("S15 stops working within a second when another worker has the job", async () => {
    const storeClock = createFakeClock();
    const clock = createFakeClock();
    const store: Store = createMemoryStore({ clock: storeClock, random: seededRandom(1) });
    let stoppedAt = 0;
    const test = createTestEngine(
      agentOf(async (context) => {
        await clock.sleep(3_600_000, context.signal);
        stoppedAt = clock.now();
        throw new CmoError("cancelled", "stopped");
      }),
      { clock, store },
    );
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(1_000);
    const quiet: Store = { ...store, onNews: () => () => {} };
    await storeClock.advance(31_000);
    const thief = createTestEngine(
      agentOf(() => new Promise(() => {})),
      { clock: storeClock, store: quiet, seed: 8 },
    );
    void thief.engine.startWorker({ signal: new AbortController().signal });
    await storeClock.settle();
    expect((await store.readJob(id))?.epoch).toBe(2);
    await clock.advance(1_000);
    expect(stoppedAt).toBeGreaterThan(0);
    expect((await store.readJob(id))?.epoch).toBe(2);
    await worker.stop();
  });
});
