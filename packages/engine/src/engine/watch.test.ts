import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import type { Channel } from "../event/channel.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { isTerminalEvent, type JobEvent } from "../event/job-event.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob, queuedDraft } from "../testing/build-job.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { type WatchOptions, watchJob } from "./watch.ts";

async function openLog(): Promise<Store> {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  await store.createJob(buildNewJob({ id: "job_1" }), [queuedDraft]);
  return store;
}

const note = (message: string): EventDraft => ({ type: "log", data: { level: "info", code: "n", message } });
const end: EventDraft = { type: "job.completed", data: { targetMet: true } };

function append(store: Store, ...events: EventDraft[]) {
  const last = events.at(-1);
  const ends = last !== undefined && isTerminalEvent(last);
  return store.updateJob("job_1", () => ({ events, ...(ends ? { patch: { status: "completed" } } : {}) }));
}

function watching(store: Store, options?: WatchOptions) {
  const events: JobEvent[] = [];
  const done = (async () => {
    for await (const event of watchJob(store, "job_1", options)) events.push(event);
  })();
  return { events, done, seqs: () => events.map((event) => event.seq) };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("watch", () => {
  it("S06 gives what comes after the offset, then what comes live, without a gap or a repeat", async () => {
    const store = await openLog();
    await append(store, ...["2", "3", "4", "5", "6", "7", "8"].map(note));
    const whole = watching(store);
    const late = watching(store, { after: 7 });
    await settled();
    expect(late.seqs()).toEqual([8]);
    await append(store, note("9"), note("10"));
    await append(store, note("11"), end);
    await Promise.all([whole.done, late.done]);
    expect(late.seqs()).toEqual([8, 9, 10, 11, 12]);
    expect(whole.seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("S06 gives the whole log and one terminal event to who comes after the end, whatever channels it asked for", async () => {
    const store = await openLog();
    await append(store, note("2"), { type: "metrics", data: { metrics: { a: 1 } } }, end);
    const all = watching(store);
    await all.done;
    expect(all.seqs()).toEqual([1, 2, 3, 4]);
    const asked: [Channel[], number[]][] = [
      [[], [1, 4]],
      [["metrics"], [1, 3, 4]],
      [
        ["log", "tool"],
        [1, 2, 4],
      ],
    ];
    for (const [channels, seqs] of asked) {
      const some = watching(store, { channels });
      await some.done;
      expect(some.seqs()).toEqual(seqs);
    }
  });

  it("S06 ends at once for who has the terminal event already, or asks for what lies behind it", async () => {
    const store = await openLog();
    await append(store, end);
    for (const after of [2, 3, 1_000]) {
      const reader = watching(store, { after });
      await reader.done;
      expect(reader.events).toEqual([]);
    }
    const last = watching(store, { after: 1 });
    await last.done;
    expect(last.seqs()).toEqual([2]);
  });

  it("ends for who asked for what lies behind an end that is still to come", async () => {
    const store = await openLog();
    const reader = watching(store, { after: 50 });
    await settled();
    await append(store, note("2"), end);
    await reader.done;
    expect(reader.events).toEqual([]);
  });

  it("S09 passes on what it does not know", async () => {
    const store = await openLog();
    const future = { type: "weather.changed", data: { sky: "blue" } } as unknown as EventDraft;
    await append(store, future, end);
    const reader = watching(store);
    await reader.done;
    expect(reader.events[1]).toMatchObject(future);
  });

  it("reads logs of thousands of events in pages", async () => {
    const store = await openLog();
    await append(store, ...Array.from({ length: 2_345 }, (_, index) => note(`${index}`)), end);
    const reader = watching(store, { after: 3 });
    await reader.done;
    expect(reader.seqs()).toEqual(Array.from({ length: 2_344 }, (_, index) => index + 4));
  });

  it("ends when its signal aborts, before, while it waits, and between two events", async () => {
    const store = await openLog();
    const before = new AbortController();
    before.abort();
    const first = watching(store, { signal: before.signal });
    await first.done;
    expect(first.events).toEqual([]);
    const during = new AbortController();
    const second = watching(store, { signal: during.signal });
    await settled();
    during.abort();
    await second.done;
    expect(second.seqs()).toEqual([1]);
    await append(store, note("2"), note("3"));
    const between = new AbortController();
    const seen: number[] = [];
    for await (const event of watchJob(store, "job_1", { signal: between.signal })) {
      seen.push(event.seq);
      if (event.seq === 2) between.abort();
    }
    expect(seen).toEqual([1, 2]);
  });

  it("S05 shows all readers the same, however their reading and the writing lie among each other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
        async (scheduler, sizes, offsets) => {
          const store = await openLog();
          // A store as slow as one on the other side of a network, with a doorbell that rings when it likes.
          const slow: Store = {
            ...store,
            readEvents: (...args) => scheduler.schedule(store.readEvents(...args), "read"),
            readJob: (jobId) => scheduler.schedule(store.readJob(jobId), "job"),
            onNews: (jobId, ring) =>
              store.onNews(jobId, () => void scheduler.schedule(Promise.resolve(), "ring").then(ring)),
          };
          const readers = offsets.map((after) => ({ after, ...watching(slow, { after }) }));
          const writing = (async () => {
            for (const size of sizes) {
              await scheduler.schedule(Promise.resolve(), "write");
              await append(store, ...Array.from({ length: size }, () => note("x")));
            }
            await append(store, end);
          })();
          await scheduler.waitFor(Promise.all([writing, ...readers.map((reader) => reader.done)]));
          const count = 2 + sizes.reduce((sum, size) => sum + size, 0);
          for (const { after, seqs } of readers) {
            expect(seqs()).toEqual(
              Array.from({ length: Math.max(0, count - after) }, (_, index) => after + index + 1),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("S08 lets a reader that stops reading slow nobody", async () => {
    const test = createTestEngine(threeStageAgent());
    const { id } = await test.engine.submit(test.spec());
    const stuck = test.engine.watch(id)[Symbol.asyncIterator]();
    await stuck.next();
    const worker = test.work();
    await test.clock.advance(5_000);
    expect((await test.engine.job(id))?.status).toBe("completed");
    const rest: number[] = [];
    for (let next = await stuck.next(); !next.done; next = await stuck.next()) rest.push(next.value.seq);
    expect(rest.at(-1)).toBe((await test.engine.job(id))?.lastSeq);
    await worker.stop();
  });

  it("says so when a log has a gap, which none may have", async () => {
    const store = await openLog();
    await append(store, note("2"), note("3"), end);
    const broken: Store = {
      ...store,
      readEvents: async (...args) => (await store.readEvents(...args)).filter((event) => event.seq !== 2),
    };
    await expect(watching(broken).done).rejects.toMatchObject({ code: "invariant_violated" });
    await expect(watching(broken, { after: 1 }).done).rejects.toMatchObject({ code: "invariant_violated" });
  });
});
