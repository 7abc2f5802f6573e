import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Agent, AgentContext } from "../port/agent.ts";
import type { JobChange } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildLead } from "../testing/build-lead.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";

function agentOf(run: (context: AgentContext) => Promise<void>): Agent {
  return { name: "test", version: "1.0.0", plan: () => ["work"], run: (_spec, context) => run(context) };
}

/** A store, and the changes that were written to its jobs. */
function recordingStore() {
  const clock = createFakeClock();
  const inner = createMemoryStore({ clock, random: seededRandom(1) });
  const changes: JobChange[] = [];
  const store: Store = {
    ...inner,
    updateJob: (jobId, decide) =>
      inner.updateJob(jobId, (job, now) => {
        const change = decide(job, now);
        changes.push(change);
        return change;
      }),
  };
  return { clock, store, changes };
}

describe("what an agent has in mind", () => {
  it("S13 is there again after a failed attempt, with every event before it, and gone when the job has ended", async () => {
    const restored: unknown[] = [];
    const scanned: unknown[][] = [];
    const { clock, store, changes } = recordingStore();
    const agent = agentOf(async ({ memory, metric }) => {
      restored.push(memory.restored());
      const people: unknown[] = [];
      for await (const one of memory.scan("people")) people.push(one);
      scanned.push(people);
      if (memory.restored() === null) {
        metric({ profiles: 3 });
        await memory.save({ page: 1 }, [
          { collection: "people", key: "b", value: { name: "Bob" } },
          { collection: "people", key: "a", value: null },
          { collection: "people", key: "c", value: 1 },
        ]);
        await memory.save({ page: 2 }, [{ collection: "people", key: "c", value: undefined }]);
        expect([...(await memory.read("people", ["c", "b", "x"]))]).toEqual([["b", { name: "Bob" }]]);
        throw new CmoError("source_unavailable", "out of reach");
      }
    });
    const test = createTestEngine(agent, { clock, store });
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.status).toBe("completed");
    expect(restored).toEqual([null, { page: 2 }]);
    expect(scanned).toEqual([
      [],
      [
        { key: "a", value: null },
        { key: "b", value: { name: "Bob" } },
      ],
    ]);
    const saved = changes.find((change) => change.checkpoint === '{"page":1}');
    expect(saved?.events).toEqual([{ type: "metrics", data: { metrics: { profiles: 3 } } }]);
    expect(await store.readCheckpoint(summary.jobId ?? "")).toBeNull();
    expect(await store.scanRecords(summary.jobId ?? "", "people", null, 9)).toEqual([]);
  });

  it.each(["cancelled", "failed"] as const)(
    "is gone when the job was %s, after its partial end",
    async (status) => {
      const restored: unknown[] = [];
      let cancel = async (_jobId: string): Promise<unknown> => null;
      const agent = agentOf(async (context) => {
        restored.push([context.partial, context.memory.restored()]);
        if (context.partial) return;
        await context.memory.save("half");
        if (status === "failed") throw new CmoError("source_rejected", "no");
        await cancel(context.jobId);
      });
      const test = createTestEngine(agent);
      cancel = (jobId) => test.engine.cancel(jobId);
      const summary = await test.until(test.engine.runInproc(test.spec()));
      expect(summary.status).toBe(status);
      expect(restored[0]).toEqual([false, null]);
      if (status === "failed")
        expect(restored).toEqual([
          [false, null],
          [true, "half"],
        ]);
      expect(await test.store.readCheckpoint(summary.jobId ?? "")).toBeNull();
    },
  );

  it("scans more records than one page holds", async () => {
    let seen = 0;
    const agent = agentOf(async ({ memory }) => {
      const changes = Array.from({ length: 12_345 }, (_, key) => ({
        collection: "c",
        key: `${key}`,
        value: key,
      }));
      await memory.save(null, changes);
      for await (const _ of memory.scan("c")) seen += 1;
    });
    const test = createTestEngine(agent);
    expect((await test.until(test.engine.runInproc(test.spec()))).status).toBe("completed");
    expect(seen).toBe(12_345);
  });
});

describe("leads that an agent writes", () => {
  it("are stored in chunks, as they come, in the place of those of before", async () => {
    const { clock, store, changes } = recordingStore();
    let given = 0;
    const agent = agentOf(async (context) => {
      await context.writeLeads([buildLead({ rank: 9_999 })]);
      async function* leads() {
        for (given = 1; given <= 1_200; given += 1) {
          yield buildLead({ rank: given });
          // No more of them are in mind than one chunk.
          if (given === 600) expect(await store.countLeads(context.jobId, {})).toBe(500);
        }
      }
      await context.writeLeads(leads());
      await context.writeLeads(leads());
    });
    const test = createTestEngine(agent, { clock, store });
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    const sizes = changes.flatMap((change) =>
      change.leads === undefined ? [] : [[change.leads.length, change.clearLeads ?? false]],
    );
    const twice = [
      [500, true],
      [500, false],
      [200, false],
    ];
    expect(sizes).toEqual([[1, true], ...twice, ...twice]);
    expect(await store.countLeads(jobId ?? "", {})).toBe(1_200);
  });

  it("leave none of before when there are none", async () => {
    const agent = agentOf(async (context) => {
      await context.writeLeads([buildLead()]);
      await context.writeLeads([]);
    });
    const test = createTestEngine(agent);
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    expect(await test.store.countLeads(jobId ?? "", {})).toBe(0);
  });

  it("S31 are read back by rank without those who were suppressed since", async () => {
    const ranks: number[][] = [];
    const { clock, store } = recordingStore();
    const agent = agentOf(async (context) => {
      await context.writeLeads([3, 1, 2, 4].map((rank) => buildLead({ rank, contactable: rank !== 4 })));
      const read = async (selection?: { contactable?: boolean }) => {
        const found: number[] = [];
        for await (const lead of context.leads(selection)) found.push(lead.rank);
        ranks.push(found);
      };
      await read();
      await read({ contactable: true });
      await store.addSuppressed(await test.engine.hashSuppression([{ kind: "login", value: "person-2" }]));
      await read();
    });
    const test = createTestEngine(agent, { clock, store });
    await test.until(test.engine.runInproc(test.spec()));
    expect(ranks).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3],
      [1, 3, 4],
    ]);
  });
});

describe("what an agent asks about people", () => {
  it("S31 gives somebody who must not be stored the same pseudonym in every job of a store, and no other store", async () => {
    const names: string[] = [];
    const agent = agentOf(async (context) => {
      names.push(
        await context.pseudonym("U_1"),
        await context.pseudonym("U_2"),
        await context.pseudonym("U_1"),
      );
    });
    const clock = createFakeClock();
    const shared = createMemoryStore({ clock, random: seededRandom(1) });
    const stores = [shared, shared, createMemoryStore({ clock, random: seededRandom(2) })];
    for (const [seed, store] of stores.entries()) {
      const test = createTestEngine(agent, { clock, store, seed });
      await test.until(test.engine.runInproc(test.spec()));
    }
    for (const name of names) expect(name).toMatch(/^~[0-9a-f]{24}$/);
    const [first, second, third] = [names.slice(0, 3), names.slice(3, 6), names.slice(6)];
    expect(first[0]).toBe(first[2]);
    expect(first[0]).not.toBe(first[1]);
    expect(second).toEqual(first);
    expect(third[0]).not.toBe(first[0]);
    const key = await shared.suppressionKey();
    const stream = testDigest(key);
    stream.update("id:U_1");
    expect(first[0]).toBe(`~${stream.digest("hex").slice(0, 24)}`);
  });

  it("keeps who was seen first for as long as the job", async () => {
    const agent = agentOf(async (context) => {
      await context.firstSeen(["U_1"], "listed");
    });
    const test = createTestEngine(agent);
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    const keepUntil = (await test.engine.job(jobId ?? ""))?.keepUntil ?? 0;
    expect(await test.store.eraseExpired({ firstSeen: keepUntil, notes: 0 })).toBe(0);
    expect(await test.store.eraseExpired({ firstSeen: keepUntil + 1, notes: 0 })).toBe(1);
  });
});

describe("how long a job is kept", () => {
  const day = 86_400_000;

  it("S35 is counted from when it was put in, from when it was worked on, and from its end", async () => {
    const clock = createFakeClock();
    const agent = agentOf((context) => clock.sleep(60_000, context.signal));
    const test = createTestEngine(agent, { clock });
    const keptFor = async (id: string) => ((await test.engine.job(id))?.keepUntil ?? 0) - clock.now();
    const { id } = await test.engine.submit(test.spec());
    const days = test.spec().retention.days;
    expect(await keptFor(id)).toBe(days * day);
    await clock.advance(day);
    expect(await keptFor(id)).toBe((days - 1) * day);
    const worker = test.work();
    await clock.settle();
    expect(await keptFor(id)).toBe(days * day);
    await clock.advance(50_000);
    expect(await keptFor(id)).toBe(days * day - 50_000);
    await clock.advance(10_000);
    expect(await test.engine.job(id)).toMatchObject({ status: "completed" });
    expect(await keptFor(id)).toBe(days * day);
    await worker.stop();
  });

  it("S35 is not over before a job that waits for its time was worked on", async () => {
    const test = createTestEngine(agentOf(async () => {}));
    const notBefore = test.clock.now() + 365 * day;
    const { keepUntil } = await test.engine.submit(test.spec(), { notBefore });
    expect(keepUntil).toBeGreaterThan(notBefore);
  });
});
