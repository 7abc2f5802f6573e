import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Agent, AgentContext, RunBatch, TaskCache, TaskItem, TaskOptions } from "../port/agent.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";

type Answer = { told: number } | null;

/** A store that several jobs use one after the other, with a source that remembers what it was asked. */
function createScene() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const asked: string[] = [];
  let told = 0;
  const ask: RunBatch<number, Answer> = async (items) => {
    asked.push(...items.map(({ id }) => id));
    return items.map(({ id, input }) => {
      told += 1;
      return { id, value: { told: input * 1_000 + told } };
    });
  };
  return { clock, store, asked, ask };
}

async function runJob(
  scene: { clock: ReturnType<typeof createFakeClock>; store: Store },
  body: (context: AgentContext) => Promise<void>,
  seed = Math.floor(Math.random() * 1e9),
) {
  const agent: Agent = {
    name: "test",
    version: "1",
    plan: () => ["work"],
    async run(_spec, context) {
      if (!context.partial) await body(context);
    },
  };
  const test = createTestEngine(agent, { ...scene, seed });
  const summary = await test.until(test.engine.runInproc(test.spec()));
  return { ...test, summary, jobId: summary.jobId ?? "" };
}

function numbers(count: number, from = 0): TaskItem<number>[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${from + index}`, input: from + index }));
}

const hour = 3_600_000;
const within = (maxAgeMs: number, more: Partial<TaskCache<number>> = {}): TaskCache<number> => ({
  scope: "here",
  maxAgeMs,
  ...more,
});

async function answersOf(
  scene: ReturnType<typeof createScene>,
  items: readonly TaskItem<number>[],
  options: TaskOptions<number, Answer>,
  seed?: number,
) {
  const got: Record<string, Answer> = {};
  const job = await runJob(
    scene,
    async (context) => {
      for await (const { id, value } of context.tasks("thing", items, scene.ask, options)) got[id] = value;
    },
    seed,
  );
  return { ...job, got, asked: scene.asked.splice(0) };
}

describe("answers of other jobs", () => {
  it("S29 are taken as long as they are young enough, and are no requests", async () => {
    const scene = createScene();
    const first = await answersOf(scene, numbers(3), { cache: within(hour) });
    expect(first.asked).toEqual(["0", "1", "2"]);
    await scene.clock.advance(hour - 60_000);
    const second = await answersOf(scene, numbers(5), { cache: within(hour) });
    expect(second.asked).toEqual(["3", "4"]);
    expect(second.got).toMatchObject(first.got);
    expect(second.summary.quota).toMatchObject({ cacheHits: 3, requests: 0, points: 0 });
    // Of one look-up, one pair of events.
    const tools = (await second.events(second.jobId)).filter((event) => event.type.startsWith("tool."));
    expect(tools.map((event) => event.type)).toEqual(["tool.started", "tool.completed"]);
    expect(tools[1]?.data).toMatchObject({ tool: "cache.thing", cached: true, cost: 0, ok: true, items: 3 });
    // The age is that of the first answer, however often it was copied.
    await scene.clock.advance(120_000);
    const third = await answersOf(scene, numbers(5), { cache: within(hour) });
    expect(third.asked).toEqual(["0", "1", "2"]);
    expect(third.summary.quota.cacheHits).toBe(2);
  });

  it("keep the time at which the source gave them", async () => {
    const scene = createScene();
    const first = await answersOf(scene, numbers(1), { cache: within(hour) });
    await scene.clock.advance(1_000);
    const second = await answersOf(scene, numbers(1), { cache: within(hour) });
    const original = (await scene.store.readTaskResults(first.jobId, "thing", ["0"])).get("0");
    const copy = (await scene.store.readTaskResults(second.jobId, "thing", ["0"])).get("0");
    expect(copy).toEqual(original);
    expect(copy?.cacheKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each<[string, Partial<TaskCache<number>>, Partial<TaskItem<number>>]>([
    ["another scope", { scope: "there" }, {}],
    ["another version", { versionOf: () => "2" }, {}],
    ["no version", {}, {}],
    ["another input", { versionOf: () => "1" }, { input: 7 }],
    ["another id", { versionOf: () => "1" }, { id: "7" }],
    ["no age at all", { versionOf: () => "1", maxAgeMs: 0 }, {}],
  ])("are not taken for %s", async (_, cache, item) => {
    const scene = createScene();
    await answersOf(scene, numbers(1), { cache: within(hour, { versionOf: () => "1" }) });
    const items = numbers(1).map((one) => ({ ...one, ...item }));
    expect((await answersOf(scene, items, { cache: within(hour, cache) })).asked).toHaveLength(1);
    // What was asked is offered, also by one who took none.
    expect(
      (await answersOf(scene, items, { cache: within(hour, { ...cache, maxAgeMs: hour }) })).asked,
    ).toEqual([]);
  });

  it("are of one kind", async () => {
    const scene = createScene();
    await answersOf(scene, numbers(1), { cache: within(hour) });
    const other = await runJob(scene, async (context) => {
      for await (const _ of context.tasks("other", numbers(1), scene.ask, { cache: within(hour) }));
    });
    expect(scene.asked).toEqual(["0"]);
    expect(other.summary.quota.cacheHits).toBe(0);
  });

  it("are of nobody else where no cache is wanted, and where they were not to be shared", async () => {
    const scene = createScene();
    await answersOf(scene, numbers(1), {});
    expect((await answersOf(scene, numbers(1), { cache: within(hour) })).asked).toEqual(["0"]);
    expect((await answersOf(scene, numbers(1), {})).asked).toEqual(["0"]);
    const keeping: RunBatch<number, Answer> = async (items) =>
      items.map(({ id }) => ({ id, value: { told: 5 }, unshared: true }));
    await runJob(scene, async (context) => {
      for await (const _ of context.tasks("kept", numbers(1), keeping, { cache: within(hour) }));
    });
    let taken = 0;
    await runJob(scene, async (context) => {
      const options = { cache: within(hour) };
      for await (const { value } of context.tasks("kept", numbers(1), scene.ask, options))
        taken += value?.told ?? 0;
    });
    expect(taken).not.toBe(5);
  });

  it("are looked over like fresh ones; what is changed is of this job alone, and its notes are dropped", async () => {
    const scene = createScene();
    const screen: TaskOptions<number, Answer>["screen"] = async (answers) =>
      answers.map((answer) => (answer.id === "1" ? { id: answer.id, value: null } : answer));
    const noting: RunBatch<number, Answer> = async (items, call) =>
      ((await scene.ask(items, call)) as { id: string; value: Answer }[]).map((answer) => ({
        ...answer,
        remember: [{ key: `note ${answer.id}`, value: "v" }],
      }));
    const run = async (options: TaskOptions<number, Answer>) => {
      const got: Answer[] = [];
      const { jobId } = await runJob(scene, async (context) => {
        for await (const { value } of context.tasks("thing", numbers(3), noting, options)) got.push(value);
      });
      const stored = await scene.store.readTaskResults(jobId, "thing", ["0", "1", "2"]);
      const asked = scene.asked.splice(0);
      return { got, asked, keys: [...stored.values()].map((result) => typeof result.cacheKey) };
    };
    const fresh = await run({ cache: within(hour), screen });
    expect(fresh.got[1]).toBeNull();
    expect(fresh.keys).toEqual(["string", "object", "string"]);
    expect([...(await scene.store.readNotes(["note 0", "note 1", "note 2"])).keys()]).toEqual([
      "note 0",
      "note 2",
    ]);
    const plain = await run({ cache: within(hour) });
    expect(plain.asked).toEqual(["1"]);
    const again = await run({ cache: within(hour), screen });
    expect(again.asked).toEqual([]);
    expect(again.got).toEqual(fresh.got);
    expect(again.keys).toEqual(fresh.keys);
  });

  it("may not be lost by whoever looks them over", async () => {
    const scene = createScene();
    const { summary } = await answersOf(scene, numbers(2), { screen: async (answers) => answers.slice(1) });
    expect(summary.errors[0]).toMatchObject({
      code: "agent_failed",
      message: expect.stringContaining("lost"),
    });
  });

  it("are seen by a source that recalls what it remembered", async () => {
    const scene = createScene();
    const seen: unknown[] = [];
    const run: RunBatch<number, Answer> = async (items, call) => {
      seen.push(Object.fromEntries(await call.recall(["note", "none"])));
      return items.map(({ id }) => ({
        id,
        value: null,
        remember: [{ key: "note", value: `${seen.length}` }],
      }));
    };
    for (let job = 0; job < 3; job += 1) {
      await runJob(scene, async (context) => {
        for await (const _ of context.tasks("thing", numbers(1), run));
      });
    }
    expect(seen).toEqual([{}, { note: "1" }, { note: "2" }]);
  });

  it("change nothing of what a job gives, in whatever order, batches and windows it is asked", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 40 }),
          known: fc.uniqueArray(fc.nat(39), { maxLength: 40 }),
          size: fc.integer({ min: 1, max: 9 }),
          concurrency: fc.integer({ min: 1, max: 3 }),
          slowly: fc.boolean(),
        }),
        async ({ count, known, size, concurrency, slowly }) => {
          const scene = createScene();
          // Answers that are a function of the question, as those of a world that stands still are.
          const ask: RunBatch<number, number> = async function* (items) {
            scene.asked.push(...items.map(({ id }) => id));
            for (const { id, input } of items.toReversed()) {
              await scene.clock.sleep(input % 7);
              yield { id, value: input * 3 };
            }
          };
          const give = async (items: readonly TaskItem<number>[], options: TaskOptions<number, number>) => {
            const order: [string, number][] = [];
            async function* arriving() {
              for (const item of items) {
                await scene.clock.sleep(3);
                yield item;
              }
            }
            const { summary } = await runJob(scene, async (context) => {
              const source = slowly ? arriving() : items;
              const all = { ...options, batchSize: () => size, concurrency };
              for await (const { id, value } of context.tasks("x", source, ask, all)) order.push([id, value]);
            });
            return { order, summary, asked: scene.asked.splice(0).sort() };
          };
          const cache = within(hour);
          await give(
            known.map((input) => ({ id: `${input}`, input })),
            { cache },
          );
          const without = await give(numbers(count), {});
          const cached = await give(numbers(count), { cache });
          expect(cached.order).toEqual(without.order);
          const hits = known.filter((one) => one < count).length;
          expect(cached.summary.quota.cacheHits).toBe(hits);
          expect(cached.asked).toEqual(without.asked.filter((id) => !known.includes(Number(id))));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("once taken are found by whoever goes on with the job, whenever it was interrupted", async () => {
    const reference = createScene();
    await answersOf(reference, numbers(4), { cache: within(hour) });
    let effects = 0;
    for (let failAt = 1; failAt === 1 || effects >= failAt - 1; failAt += 1) {
      const scene = createScene();
      await answersOf(scene, numbers(4), { cache: within(hour) });
      effects = 0;
      const failing: Store = {
        ...scene.store,
        async readCached(...parameters) {
          fail();
          return scene.store.readCached(...parameters);
        },
        async updateJob(jobId, decide) {
          let isCopy = false;
          const written = await scene.store.updateJob(jobId, (job, now) => {
            const change = decide(job, now);
            isCopy = change.taskResults !== undefined;
            if (isCopy) fail();
            return change;
          });
          // What was written stays written, and whoever wrote it never hears of it.
          if (isCopy) fail();
          return written;
        },
      };
      function fail(): void {
        effects += 1;
        if (effects === failAt) throw new CmoError("store_unavailable", "The disk is away.");
      }
      const { got, summary, asked } = await answersOf({ ...scene, store: failing }, numbers(6), {
        cache: within(hour),
        batchSize: () => 1,
        concurrency: 1,
      });
      expect(summary.ok).toBe(true);
      expect(Object.keys(got)).toHaveLength(6);
      expect(asked.filter((id) => Number(id) < 4)).toEqual([]);
      // A transaction that failed leaves its events to the next one, and the copies are made and told of again.
      expect([4, 8]).toContain(summary.quota.cacheHits);
    }
    expect(effects).toBeGreaterThan(4);
  });

  it("are not taken when a job is brought to its end early", async () => {
    const scene = createScene();
    await answersOf(scene, numbers(3), { cache: within(hour) });
    const got: string[] = [];
    const agent: Agent = {
      name: "test",
      version: "1",
      plan: () => ["work"],
      async run(_spec, context) {
        if (!context.partial) throw new Error("broken");
        const options = { cache: within(hour) };
        for await (const { id } of context.tasks("thing", numbers(3), scene.ask, options)) got.push(id);
      },
    };
    const test = createTestEngine(agent, { clock: scene.clock, store: scene.store, seed: 9 });
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.status).toBe("failed");
    expect(got).toEqual([]);
  });
});
