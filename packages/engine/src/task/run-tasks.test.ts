import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Agent, AgentContext, RunBatch, TaskItem, TaskOptions } from "../port/agent.ts";
import { createFakeClock } from "../testing/fake-clock.ts";

/** Runs `body` as the work of a job, and gives how the job ended. */
async function inJob(body: (context: AgentContext) => Promise<void>, clock = createFakeClock()) {
  let failure: unknown = null;
  const agent: Agent = {
    name: "test",
    version: "1.0.0",
    plan: () => ["work"],
    async run(_spec, context) {
      if (context.partial) return;
      try {
        await body(context);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
  };
  const test = createTestEngine(agent, { clock });
  const summary = await test.until(test.engine.runInproc(test.spec()));
  return { ...test, summary, failure, jobId: summary.jobId ?? "" };
}

function numbers(count: number): TaskItem<number>[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${index}`, input: index }));
}

const double: RunBatch<number, number> = async (items) =>
  items.map(({ id, input }) => ({ id, value: input * 2 }));

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const one of results) collected.push(one);
  return collected;
}

describe("durable tasks", () => {
  it("give the results in the order of the items, whoever answers first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 5 }),
        async (delays, size, concurrency) => {
          const clock = createFakeClock();
          let most = 0;
          let running = 0;
          const sizes: number[] = [];
          const run: RunBatch<number, number> = async function* (items, call) {
            sizes.push(items.length);
            running += 1;
            most = Math.max(most, running);
            for (const { id, input } of items.toReversed()) {
              await clock.sleep(delays[input] ?? 0, call.signal);
              yield { id, value: input * 2 };
            }
            running -= 1;
          };
          let results: unknown[] = [];
          const { summary } = await inJob(async (context) => {
            const options: TaskOptions = { batchSize: () => size, concurrency };
            results = await collect(context.tasks("double", numbers(delays.length), run, options));
          }, clock);
          expect(summary.ok).toBe(true);
          expect(results).toEqual(numbers(delays.length).map((item) => ({ ...item, value: item.input * 2 })));
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(sizes.slice(0, -1).every((one) => one === size)).toBe(true);
          expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(delays.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("ask for the size before each batch, and take what is no size as one", async () => {
    const sizes = [4, 2.9, 0, Number.NaN, -3, 100];
    const seen: number[] = [];
    await inJob(async (context) => {
      const run: RunBatch<number, number> = async (items) => {
        seen.push(items.length);
        return items.map(({ id }) => ({ id, value: 0 }));
      };
      const options = { batchSize: () => sizes.shift() ?? 1, concurrency: 1 };
      await collect(context.tasks("double", numbers(12), run, options));
    });
    expect(seen).toEqual([4, 2, 1, 1, 1, 3]);
  });

  it("store each result as it comes, so that what fails later costs nothing", async () => {
    const clock = createFakeClock();
    let asked: string[][] = [];
    const { summary, store, jobId } = await inJob(async (context) => {
      const run: RunBatch<number, number> = async function* (items) {
        asked.push(items.map((item) => item.id));
        for (const { id, input } of items) {
          if (input === 3 && asked.length === 1) throw new CmoError("source_unavailable", "502");
          yield { id, value: input };
        }
      };
      await collect(context.tasks("double", numbers(5), run, { batchSize: () => 5 }));
    }, clock);
    expect(summary).toMatchObject({ ok: true, attempts: 2 });
    expect(asked).toEqual([
      ["0", "1", "2", "3", "4"],
      ["3", "4"],
    ]);
    const stored = await store.readTaskResults(jobId, "double", ["0", "4"]);
    expect([...stored.values()].map((one) => one.value)).toEqual(["0", "4"]);
    asked = [];
  });

  it("store together what came together, at the latest when something goes wrong after it", async () => {
    const clock = createFakeClock();
    const screened: string[][] = [];
    let attempt = 0;
    const { summary } = await inJob(async (context) => {
      attempt += 1;
      const run: RunBatch<number, number> = async function* (items) {
        for (const { id, input } of items) {
          if (input === 7 && attempt === 1) throw new CmoError("source_unavailable", "502");
          yield { id, value: input, more: input % 3 !== 2 };
        }
      };
      const options: TaskOptions<number, number> = {
        batchSize: () => 10,
        async screen(answers) {
          screened.push(answers.map(({ id }) => id));
          return answers;
        },
      };
      expect(await collect(context.tasks("double", numbers(10), run, options))).toHaveLength(10);
    }, clock);
    expect(summary).toMatchObject({ ok: true, attempts: 2 });
    expect(screened).toEqual([["0", "1", "2"], ["3", "4", "5"], ["6"], ["7", "8"], ["9"]]);
  });

  it("give what went through JSON, the first time too", async () => {
    const results: unknown[] = [];
    await inJob(async (context) => {
      const run: RunBatch<number, unknown> = async () => [
        { id: "0", value: { at: new Date(0), gone: undefined, list: [undefined], zero: -0 } },
        { id: "1", value: undefined },
      ];
      for await (const { value } of context.tasks("json", numbers(2), run)) results.push(value);
    });
    expect(results).toEqual([{ at: "1970-01-01T00:00:00.000Z", list: [null], zero: 0 }, null]);
  });

  it("stop the job when an item was stored with another input", async () => {
    let attempt = 0;
    const { summary, failure } = await inJob(async (context) => {
      attempt += 1;
      const input = { page: attempt };
      const run: RunBatch<{ page: number }, number> = async (items) =>
        items.map(({ id }) => ({ id, value: 1 }));
      await collect(context.tasks("page", [{ id: "1", input }], run));
      if (attempt === 1) throw new CmoError("timeout", "again, please");
      expect.unreachable();
    });
    expect(attempt).toBe(2);
    expect(failure).toMatchObject({ code: "timeout" });
    expect(summary).toMatchObject({ status: "failed", attempts: 2 });
    expect(summary.errors[0]).toMatchObject({ code: "nondeterministic_task", hint: expect.any(String) });
  });

  it.each<[string, RunBatch<number, number>, RegExp]>([
    [
      "leaves an item unanswered",
      async (items) => items.slice(1).map(({ id }) => ({ id, value: 0 })),
      /1 items unanswered/,
    ],
    [
      "answers an item twice",
      async (items) => [...items, ...items].map(({ id }) => ({ id, value: 0 })),
      /twice/,
    ],
    ["answers an item that it was not asked", async () => [{ id: "99", value: 0 }], /not asked/],
    [
      "throws before it begins",
      () => {
        throw new Error("at once");
      },
      /at once/,
    ],
  ])("fail when a batch %s", async (_, run, message) => {
    const { summary } = await inJob(async (context) => {
      await collect(context.tasks("double", numbers(2), run));
    });
    expect(summary.status).toBe("failed");
    expect(summary.errors[0]).toMatchObject({
      code: "agent_failed",
      message: expect.stringMatching(message),
    });
  });

  it("fail when an item is given twice", async () => {
    const { summary } = await inJob(async (context) => {
      await collect(context.tasks("double", [...numbers(2), ...numbers(1)], double));
    });
    expect(summary.errors[0]?.message).toContain("given twice");
  });

  it("abort what is in flight when the reader leaves early, and leave nothing running", async () => {
    const clock = createFakeClock();
    let open = 0;
    let aborted = 0;
    let closed = false;
    async function* items() {
      try {
        yield* numbers(50);
      } finally {
        closed = true;
      }
    }
    const { summary } = await inJob(async (context) => {
      const run: RunBatch<number, number> = async (batch, call) => {
        open += 1;
        await clock.sleep(batch[0]?.id === "0" ? 1 : 1_000_000, call.signal);
        // Letting go takes time too.
        if (call.signal.aborted) await clock.sleep(50);
        open -= 1;
        if (call.signal.aborted) {
          aborted += 1;
          throw new CmoError("cancelled", "stopped");
        }
        return batch.map(({ id, input }) => ({ id, value: input }));
      };
      for await (const one of context.tasks("double", items(), run, { batchSize: () => 5, concurrency: 3 })) {
        expect(one.id).toBe("0");
        break;
      }
      expect([open, aborted, closed]).toEqual([0, 2, true]);
    }, clock);
    expect(summary.errors).toEqual([]);
    expect(summary.durationMs).toBeLessThan(1_000);
  });

  it("end with cancelled when the caller's signal aborts", async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { summary, failure } = await inJob(async (context) => {
      const run: RunBatch<number, number> = async (batch, call) => {
        await clock.sleep(1_000, call.signal);
        if (call.signal.aborted) throw new CmoError("cancelled", "stopped");
        return batch.map(({ id, input }) => ({ id, value: input }));
      };
      const { signal } = controller;
      for await (const one of context.tasks("double", numbers(9), run, {
        batchSize: () => 1,
        concurrency: 1,
        signal,
      })) {
        if (one.id === "2") controller.abort();
      }
    }, clock);
    expect(failure).toMatchObject({ code: "cancelled" });
    expect(summary.counts.leads).toBeNull();
  });

  it("start no batch once the job is to stop, even for an agent that looks at no signal", async () => {
    let batches = 0;
    let stop = async (_jobId: string): Promise<void> => {};
    const agent: Agent = {
      name: "test",
      version: "1",
      plan: () => ["work"],
      async run(_spec, context) {
        if (context.partial) return;
        const run: RunBatch<number, number> = async (batch) => {
          batches += 1;
          if (batches === 3) await stop(context.jobId);
          return batch.map(({ id, input }) => ({ id, value: input }));
        };
        await collect(context.tasks("double", numbers(100), run, { batchSize: () => 1, concurrency: 1 }));
      },
    };
    const test = createTestEngine(agent);
    stop = async (jobId) => {
      await test.engine.cancel(jobId);
      await test.clock.settle();
    };
    const cancelled = await test.until(test.engine.runInproc(test.spec()));
    expect(cancelled.status).toBe("cancelled");
    expect(batches).toBe(3);
  });

  it("take items as they come, and pass on the failure of where they come from", async () => {
    const clock = createFakeClock();
    const batches: string[][] = [];
    const run: RunBatch<number, number> = async (items) => {
      batches.push(items.map((item) => item.id));
      return items.map(({ id, input }) => ({ id, value: input }));
    };
    async function* slowly(count: number, fails: boolean) {
      for (const item of numbers(count)) {
        await clock.sleep(10);
        yield item;
      }
      if (fails) throw new CmoError("source_rejected", "no more");
    }
    const { summary } = await inJob(async (context) => {
      const results = await collect(context.tasks("a", slowly(7, false), run, { batchSize: () => 3 }));
      expect(results.map((one) => one.id)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
      expect(batches).toEqual([["0", "1", "2"], ["3", "4", "5"], ["6"]]);
      await collect(context.tasks("b", slowly(2, true), run));
    }, clock);
    expect(summary.errors[0]?.code).toBe("source_rejected");
  });

  it("overlap: the results of one kind are the items of the next while it still runs", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const slow =
      (name: string): RunBatch<number, number> =>
      async (items, call) => {
        await clock.sleep(100, call.signal);
        log.push(`${name}${items.map((item) => item.id).join("")}`);
        return items.map(({ id, input }) => ({ id, value: input }));
      };
    const { summary } = await inJob(async (context) => {
      const options = { batchSize: () => 2, concurrency: 1 };
      const first = context.tasks("a", numbers(6), slow("a"), options);
      async function* mapped() {
        for await (const { id, value } of first) yield { id, input: value };
      }
      const results = await collect(context.tasks("b", mapped(), slow("b"), options));
      expect(results).toHaveLength(6);
    }, clock);
    expect(log).toEqual(["a01", "a23", "b01", "a45", "b23", "b45"]);
    expect(summary.durationMs).toBe(400);
  });

  it("hold a window of a million items, and ask the store for them in pages", async () => {
    let given = 0;
    function* many() {
      for (; given < 1_000_000; given += 1) yield { id: `${given}`, input: given };
    }
    await inJob(async (context) => {
      let read = 0;
      for await (const _ of context.tasks("many", many(), double, { batchSize: () => 500 })) {
        read += 1;
        if (read === 1) expect(given).toBeLessThanOrEqual(1_001);
        if (read === 3_000) break;
      }
      expect(given).toBeLessThanOrEqual(4_001);
    });
  });

  it("give only what is stored when a job is brought to a partial end", async () => {
    const results: string[][] = [];
    const clock = createFakeClock();
    const agent: Agent = {
      name: "test",
      version: "1",
      plan: () => ["work"],
      async run(_spec, context) {
        const run: RunBatch<number, number> = async function* (items) {
          for (const { id, input } of items) {
            if (input === 2) throw new Error("broken");
            yield { id, value: input };
          }
        };
        const got: string[] = [];
        results.push(got);
        for await (const { id } of context.tasks("a", numbers(4), run, { batchSize: () => 4 })) got.push(id);
      },
    };
    const test = createTestEngine(agent, { clock });
    const summary = await test.until(test.engine.runInproc(test.spec()));
    expect(summary.status).toBe("failed");
    expect(results[1]).toEqual(["0", "1"]);
  });

  it("of a parent are those of its child where the question is the same, and asked anew where it is not", async () => {
    let factor = 1;
    const asked: string[] = [];
    const agent: Agent = {
      name: "test",
      version: "1.0.0",
      plan: () => ["work"],
      async run(_spec, context) {
        const items = numbers(4).map(({ id, input }) => ({ id, input: input < 2 ? input : input * factor }));
        const run: RunBatch<number, number> = (batch, call) => {
          asked.push(...batch.map(({ id }) => `${context.jobId}:${id}`));
          return double(batch, call);
        };
        const results = await collect(context.tasks("double", items, run));
        context.metric({ sum: results.reduce((sum, { value }) => sum + value, 0) });
      },
    };
    const test = createTestEngine(agent);
    const parent = await test.until(test.engine.runInproc(test.spec()));
    factor = 10;
    const parentJobId = parent.jobId ?? "";
    const child = await test.until(test.engine.runInproc(test.spec(), [], { parentJobId }));
    expect(child).toMatchObject({ ok: true, parentJobId });
    expect(asked.filter((one) => one.startsWith(`${child.jobId}:`))).toEqual(
      [2, 3].map((id) => `${child.jobId}:${id}`),
    );
    expect((await test.engine.job(child.jobId ?? ""))?.snapshot.progress.metrics.sum).toBe(
      2 * (0 + 1 + 20 + 30),
    );
    const own = await test.store.readTaskResults(child.jobId ?? "", "double", ["0", "2"]);
    expect([own.get("0")?.inherited, own.get("2")?.inherited]).toEqual([true, undefined]);
  });
});
