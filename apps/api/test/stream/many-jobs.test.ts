import { isJobSnapshot, type MultiplexedItem } from "@cmo/contract";
import { isTerminalEvent, type Store } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { openReader, type StreamReader } from "./support/open-reader.ts";
import { readSse } from "./support/sse-text.ts";
import {
  append,
  drafts,
  finish,
  futureDraft,
  openStreamServer,
  putJob,
  type StreamServer,
  type StreamServerOptions,
} from "./support/stream-server.ts";

let server: StreamServer | undefined;

afterEach(() => server?.close());

async function open(options: StreamServerOptions = {}) {
  server = await openStreamServer(options);
  const { url } = await server.listen();
  return { ...server, events: `${url}/api/events` };
}

function itemsOf(text: string): readonly MultiplexedItem[] {
  return readSse(text).events.map(({ data }) => JSON.parse(data) as MultiplexedItem);
}

/** `job_a@3` for a snapshot, `job_a:4` for an event. */
function told(text: string): readonly string[] {
  return itemsOf(text).map((item) =>
    isJobSnapshot(item) ? `${item.jobId}@${item.lastSeq}` : `${item.jobId}:${item.seq}`,
  );
}

async function toldOf(reader: StreamReader, count: number): Promise<readonly string[]> {
  return told(await reader.until((text) => told(text).length >= count));
}

describe("The stream of many jobs", () => {
  it("begins with a snapshot of each job, and goes on with the events of all, new jobs from their first", async () => {
    const { store, events } = await open();
    await putJob(store, "job_a");
    await append(store, "job_a", drafts(2));
    await putJob(store, "job_b");
    await putJob(store, "job_theirs", { tenant: "theirs" });
    const reader = await openReader(events);
    expect((await toldOf(reader, 2)).toSorted()).toEqual(["job_a@3", "job_b@1"]);
    await append(store, "job_b", drafts(1));
    expect((await toldOf(reader, 3)).at(-1)).toBe("job_b:2");
    await append(store, "job_theirs", drafts(1));
    await putJob(store, "job_c");
    await finish(store, "job_c");
    expect((await toldOf(reader, 5)).slice(3)).toEqual(["job_c:1", "job_c:2"]);
    await putJob(store, "job_d");
    expect((await toldOf(reader, 6)).slice(5)).toEqual(["job_d:1"]);
    await finish(store, "job_a");
    expect((await toldOf(reader, 7)).slice(6)).toEqual(["job_a:4"]);
    const { fields, retries } = readSse(reader.text());
    expect(fields).toEqual(new Set(["retry", "data"]));
    expect(retries).toEqual(["2000"]);
    const [first] = itemsOf(reader.text());
    expect(first).toMatchObject({
      type: "snapshot",
      name: "test",
      progress: (await store.readJob(first?.jobId ?? ""))?.snapshot.progress,
    });
    reader.leave();
  });

  it("is told of exactly the jobs that it names, those that ended long ago included", async () => {
    const { store, events } = await open();
    for (const id of ["job_a", "job_b", "job_c"]) await putJob(store, id);
    await finish(store, "job_a");
    const reader = await openReader(`${events}?jobs=job_c,job_a`);
    expect(await toldOf(reader, 2)).toEqual(["job_c@1", "job_a@2"]);
    await append(store, "job_b", drafts(1));
    await putJob(store, "job_d");
    await append(store, "job_c", drafts(1));
    expect(await toldOf(reader, 3)).toEqual(["job_c@1", "job_a@2", "job_c:2"]);
    // Nothing else comes after it either: what was written to the others was looked at before.
    await finish(store, "job_c");
    expect((await toldOf(reader, 4)).slice(2)).toEqual(["job_c:2", "job_c:3"]);
    reader.leave();
  });

  it("tells of all jobs that have not ended, and of the newest 100 that have", async () => {
    const { store, events } = await open();
    const ids = (word: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${word}_${index}`);
    for (const id of ids("open", 120)) await putJob(store, id);
    for (const id of ids("ended", 105)) {
      await putJob(store, id);
      await finish(store, id);
    }
    const reader = await openReader(events);
    const jobs = itemsOf(await reader.until((text) => itemsOf(text).length >= 220)).map(({ jobId }) => jobId);
    expect(jobs.toSorted()).toEqual([...ids("open", 120), ...ids("ended", 105).slice(5)].toSorted());
    await putJob(store, "job_new");
    await reader.until((text) => text.includes("job_new"));
    expect(itemsOf(reader.text())).toHaveLength(221);
    reader.leave();
  });

  it("leaves out the channels that nobody asked for, and passes on what is from the future", async () => {
    const { store, events } = await open();
    await putJob(store, "job_a");
    const some = await openReader(`${events}?channels=quota`);
    const all = await openReader(events, { headers: { Accept: "application/x-ndjson" } });
    for (const reader of [some, all]) await reader.until((text) => text.includes("snapshot"));
    await append(store, "job_a", [...drafts(6), futureDraft]);
    await finish(store, "job_a");
    for (const reader of [some, all]) await reader.until((text) => text.includes("job.completed"));
    const types = itemsOf(some.text()).map(({ type }) => type);
    expect(types).toEqual(["snapshot", "quota.waiting", "quota.waiting", "job.completed"]);
    const lines = all.text().trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ type: "snapshot", lastSeq: 1 }),
      ...(await store.readEvents("job_a", 1, 100)),
    ]);
    for (const reader of [some, all]) reader.leave();
  });

  it("does not end with the jobs, and nobody's leaving is a cancel", async () => {
    const { store, events, parts } = await open();
    await putJob(store, "job_a");
    const staying = await openReader(events);
    const leaving = await openReader(events);
    for (const reader of [staying, leaving]) await toldOf(reader, 1);
    leaving.leave();
    await expect.poll(() => parts.streams.readers()).toBe(1);
    expect(await store.readJob("job_a")).toMatchObject({ status: "queued", desired: null });
    await finish(store, "job_a");
    const items = itemsOf(await staying.until((text) => told(text).length >= 2));
    expect(items.filter((item) => !isJobSnapshot(item) && isTerminalEvent(item))).toHaveLength(1);
    await putJob(store, "job_b");
    expect((await toldOf(staying, 3)).at(-1)).toBe("job_b:1");
    expect(parts.streams.readers()).toBe(1);
    staying.leave();
  });

  it("tells nobody twice of what is written while they come", async () => {
    let go = () => {};
    let gate = Promise.resolve();
    const { store, events } = await open({
      wrap: (inner: Store): Store => ({
        ...inner,
        async listJobs(filter) {
          await gate;
          return inner.listJobs(filter);
        },
      }),
    });
    await putJob(store, "job_a");
    const early = await openReader(events);
    await toldOf(early, 1);
    gate = new Promise((resolve) => {
      go = resolve;
    });
    const late = await openReader(events);
    await late.until((text) => text.includes("retry"));
    // Nobody was told of it when it is in the snapshot of the one who comes.
    await append(store, "job_a", drafts(2));
    go();
    expect(await toldOf(late, 1)).toEqual(["job_a@3"]);
    await finish(store, "job_a");
    expect(await toldOf(early, 4)).toEqual(["job_a@1", "job_a:2", "job_a:3", "job_a:4"]);
    await late.until((text) => text.includes("job.completed"));
    expect(told(late.text())).toEqual(["job_a@3", "job_a:4"]);
    for (const reader of [early, late]) reader.leave();
  });

  it("tells those who are there of a new job from its first event when another comes first", async () => {
    // Time stands still, so that nobody looks for new jobs.
    const { store, events } = await open({ clock: createFakeClock({ now: Date.now() }) });
    const early = await openReader(events);
    await early.until((text) => text.includes("retry"));
    await putJob(store, "job_a");
    const before = await openReader(events);
    await toldOf(before, 1);
    await putJob(store, "job_b");
    await append(store, "job_b", drafts(1));
    const late = await openReader(events);
    expect((await toldOf(late, 2)).toSorted()).toEqual(["job_a@1", "job_b@2"]);
    expect((await toldOf(before, 3)).slice(1)).toEqual(["job_b:1", "job_b:2"]);
    for (const reader of [early, before, late]) reader.leave();
  });

  it("does not stop at a job that is erased", async () => {
    const { store, events } = await open();
    for (const id of ["job_a", "job_b"]) await putJob(store, id);
    const reader = await openReader(events);
    await toldOf(reader, 2);
    await store.eraseJobs(["job_a"], "job");
    await append(store, "job_b", drafts(1));
    expect((await toldOf(reader, 3)).at(-1)).toBe("job_b:2");
    reader.leave();
  });

  it("is read from the store once, however many read it", async () => {
    const reads = { events: 0, lists: 0 };
    const clock = createFakeClock();
    const { store, events } = await open({
      clock,
      wrap: (inner: Store): Store => ({
        ...inner,
        readEvents(jobId, after, limit) {
          reads.events += 1;
          return inner.readEvents(jobId, after, limit);
        },
        listJobs(filter) {
          reads.lists += 1;
          return inner.listJobs(filter);
        },
      }),
    });
    await putJob(store, "job_a");
    const first = await openReader(events);
    await toldOf(first, 1);
    const others = await Promise.all(Array.from({ length: 30 }, () => openReader(events)));
    for (const reader of others) await toldOf(reader, 1);
    const before = { ...reads };
    for (let round = 0; round < 10; round += 1) await append(store, "job_a", drafts(3));
    for (const reader of [first, ...others]) await toldOf(reader, 31);
    expect(reads.events - before.events).toBeLessThanOrEqual(11);
    // Everything that is written rings for new jobs, too; they are looked for a while later, once.
    expect(reads.lists).toBe(before.lists);
    await clock.advance(1_000);
    expect(reads.lists).toBe(before.lists + 1);
    for (const reader of [first, ...others]) reader.leave();
  });
});
