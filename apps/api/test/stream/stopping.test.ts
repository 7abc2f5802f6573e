import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CmoError, type JobEvent, type Store } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import { createLog } from "@cmo/runtime";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createFakeNetwork, type FakeNetwork } from "./support/fake-sockets.ts";
import { openReader, readWhole } from "./support/open-reader.ts";
import { createRecordingMeter } from "./support/recording-meter.ts";
import { readSse, sseEvents } from "./support/sse-text.ts";
import {
  append,
  drafts,
  finish,
  openStreamServer,
  putJob,
  type StreamServer,
  type StreamServerOptions,
} from "./support/stream-server.ts";

let server: StreamServer | undefined;
let network: FakeNetwork | undefined;

afterEach(async () => {
  network?.close();
  await server?.close();
});

async function open(options: StreamServerOptions = {}) {
  server = await openStreamServer(options);
  network = createFakeNetwork(server.app);
  await putJob(server.store, "job_a");
  const { url } = await server.listen();
  return { ...server, network, url, events: `${url}/api/jobs/job_a/events` };
}

const quietLog = createLog({ write() {}, now: () => 0, redact: (text) => text });
const patience = { timeout: 60_000, interval: 5 };

/** A store that does not answer while it is told not to. */
function failing(): { wrap(store: Store): Store; fails: boolean; reads: number } {
  const control = {
    fails: false,
    reads: 0,
    wrap: (store: Store): Store => ({
      ...store,
      readJob: async (jobId) => refuse() ?? store.readJob(jobId),
      readEvents: async (jobId, after, limit) => refuse() ?? store.readEvents(jobId, after, limit),
      listJobs: async (filter) => refuse() ?? store.listJobs(filter),
    }),
  };
  function refuse(): null {
    control.reads += 1;
    if (control.fails) throw new CmoError("store_unavailable", "The disk is full.");
    return null;
  }
  return control;
}

describe("Streams of a server that stops", () => {
  it("S19 end with a hint to come back soon, and no new ones are opened", async () => {
    const meter = createRecordingMeter();
    const { app, url, events, parts } = await open({ meter });
    const sse = await openReader(events);
    const many = await openReader(`${url}/api/events`);
    const lines = await openReader(events, { headers: { Accept: "application/x-ndjson" } });
    await Promise.all([sse, many, lines].map((reader) => reader.until((text) => text.includes("job_a"))));
    await parts.streams.close();
    for (const reader of [sse, many, lines]) expect(await reader.ended).toBe(true);
    expect(readSse(sse.text()).retries).toEqual(["2000", "1000"]);
    expect(readSse(many.text()).retries).toEqual(["2000", "1000"]);
    expect(lines.text()).not.toContain("retry");
    expect(parts.streams.readers()).toBe(0);
    expect(meter.heard.toSorted()).toEqual(
      ["open sse", "open sse", "open ndjson", "stopped sse", "stopped sse", "stopped ndjson"].toSorted(),
    );
    for (const path of ["/api/jobs/job_a/events", "/api/events"]) {
      const refused = await app.request(`http://127.0.0.1${path}`);
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toBe("1");
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it("S19 do not wait for one that does not read", async () => {
    const { store, network, parts } = await open();
    const stalled = network.connect("/api/jobs/job_a/events");
    await vi.waitFor(() => expect(stalled.answer()?.body.length).toBeGreaterThan(100), patience);
    stalled.stall();
    await append(store, "job_a", drafts(200));
    await vi.waitFor(() => expect(stalled.heldBytes()).toBeGreaterThan(512), patience);
    await parts.streams.close();
    await stalled.closed;
    expect(parts.streams.readers()).toBe(0);
  });
});

describe("The number of readers", () => {
  it("has a limit, beyond which it is said when to come again", async () => {
    const { url, events, app } = await open({ limits: { readers: 2 } });
    const first = await openReader(events);
    const second = await openReader(`${url}/api/events`);
    for (const path of ["/api/jobs/job_a/events", "/api/events"]) {
      const refused = await app.request(`http://127.0.0.1${path}`);
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toBe("5");
      expect(await refused.json()).toMatchObject({ status: 503, retryable: true });
    }
    first.leave();
    await expect.poll(async () => (await readHead(events)).status, patience).toBe(200);
    second.leave();
  });

  it("is counted by form and by how they ended", async () => {
    const meter = createRecordingMeter();
    const { store, events } = await open({ meter });
    const leaving = await openReader(events, { headers: { Accept: "application/x-ndjson" } });
    const staying = await openReader(events);
    leaving.leave();
    await expect.poll(() => meter.heard, patience).toEqual(["open ndjson", "open sse", "left ndjson"]);
    await append(store, "job_a", drafts(3));
    await finish(store, "job_a");
    await staying.ended;
    await expect.poll(() => meter.heard.at(-1), patience).toBe("ended sse");
    expect(meter.lags).toHaveLength(4);
    expect(meter.lags.every((seconds) => seconds >= 0 && seconds < 10)).toBe(true);
  });
});

describe("A log with many readers", () => {
  it("is read once and encoded once", async () => {
    let reads = 0;
    const encodings = new Map<number, number>();
    const counted = (event: JobEvent): JobEvent =>
      Object.assign({}, event, {
        toJSON() {
          encodings.set(event.seq, (encodings.get(event.seq) ?? 0) + 1);
          return event;
        },
      });
    const { store, network } = await open({
      // Time stands still: nothing is put away that a slow reader has not had.
      clock: createFakeClock(),
      wrap: (inner) => ({
        ...inner,
        async readEvents(jobId, after, limit) {
          reads += 1;
          return (await inner.readEvents(jobId, after, limit)).map(counted);
        },
      }),
    });
    const forms = ["text/event-stream", "application/x-ndjson"];
    const queries = ["", "?channels=log"];
    const readers = Array.from({ length: 40 }, (_, index) =>
      network.connect(`/api/jobs/job_a/events${queries[index % 2]}`, {
        Accept: forms[(index >> 1) % 2] ?? "",
      }),
    );
    await vi.waitFor(() => {
      for (const reader of readers) expect(reader.answer()?.body.toString()).toContain("job.queued");
    }, patience);
    for (let round = 0; round < 10; round += 1) await append(store, "job_a", drafts(5));
    await finish(store, "job_a");
    await Promise.all(readers.map(({ closed }) => closed));
    expect(encodings.size).toBe(52);
    expect([...encodings.values()].every((count) => count === 1)).toBe(true);
    // At most one for each change, and one for what was there before.
    expect(reads).toBeLessThanOrEqual(14);
  });
});

describe("A store that does not answer", () => {
  it("ends the streams, which come back and go on, and is told of in the log", async () => {
    const control = failing();
    const warnings: unknown[] = [];
    const { store, url, events } = await open({
      wrap: control.wrap,
      log: {
        ...createLog({ write() {}, now: () => 0, redact: (text) => text }),
        warn: (message, facts) => void warnings.push([message, facts]),
      },
    });
    const reader = await openReader(events);
    const many = await openReader(`${url}/api/events`);
    await reader.until((text) => text.includes("job.queued"));
    await many.until((text) => text.includes("snapshot"));
    control.fails = true;
    await append(store, "job_a", drafts(2));
    expect(await reader.ended).toBe(true);
    expect(await many.ended).toBe(true);
    expect(warnings).toHaveLength(2);
    expect(warnings).toContainEqual([
      "The log of a job could not be read",
      expect.objectContaining({ jobId: "job_a", code: "store_unavailable" }),
    ]);
    const refused = await readWhole(events, { "Last-Event-ID": "1" });
    expect(refused.status).toBe(503);
    control.fails = false;
    await finish(store, "job_a");
    const resumed = await readWhole(events, { "Last-Event-ID": "1" });
    expect(sseEvents(resumed.text).map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  it("ends the stream of one who reads history, too", async () => {
    const control = failing();
    const { store, events, network } = await open({ wrap: control.wrap });
    await append(store, "job_a", drafts(1_000));
    const slow = network.connect("/api/jobs/job_a/events");
    slow.stall();
    await vi.waitFor(() => expect(slow.heldBytes()).toBeGreaterThan(512), patience);
    // What was read is put away when nothing new is found, so that it has to be read again.
    const { reads } = control;
    await append(store, "job_a", []);
    await vi.waitFor(() => expect(control.reads).toBeGreaterThan(reads), patience);
    control.fails = true;
    slow.go();
    await slow.closed;
    expect(slow.answer()?.whole).toBe(true);
    control.fails = false;
    await finish(store, "job_a");
    const last = sseEvents(slow.answer()?.body.toString() ?? "").at(-1)?.seq ?? 0;
    const resumed = await readWhole(events, { "Last-Event-ID": String(last) });
    expect(
      sseEvents(resumed.text)
        .map(({ seq }) => seq)
        .at(-1),
    ).toBe(1_002);
  });

  it("that leaves an event out is told of, and nothing behind it is", async () => {
    const warnings: unknown[] = [];
    const { store, events } = await open({
      wrap: (inner) => ({
        ...inner,
        readEvents: async (jobId, after, limit) =>
          (await inner.readEvents(jobId, after, limit)).filter(({ seq }) => seq !== 4),
      }),
      log: { ...quietLog, warn: (_message, facts) => void warnings.push(facts) },
    });
    const reader = await openReader(events);
    await reader.until((text) => text.includes("job.queued"));
    await append(store, "job_a", drafts(2));
    await reader.until((text) => text.includes("id: 3\n"));
    await append(store, "job_a", drafts(2));
    expect(await reader.ended).toBe(true);
    expect(sseEvents(reader.text()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(warnings).toEqual([expect.objectContaining({ code: "invariant_violated" })]);
  });

  it("ends the stream of a job that was erased, and says so to whoever comes back", async () => {
    const { store, events } = await open();
    const reader = await openReader(events);
    await reader.until((text) => text.includes("job.queued"));
    await store.eraseJobs(["job_a"], "job");
    expect(await reader.ended).toBe(true);
    expect((await readWhole(events)).status).toBe(404);
  });
});

describe("What nobody reads any more", () => {
  it("is not listened to any more after a while", async () => {
    const clock = createFakeClock();
    let listening = 0;
    const { url, events, parts } = await open({
      clock,
      wrap: (inner) => ({
        ...inner,
        onNews(jobId, ring) {
          listening += 1;
          const stop = inner.onNews(jobId, ring);
          return () => {
            listening -= 1;
            stop();
          };
        },
      }),
    });
    const readers = await Promise.all([openReader(events), openReader(`${url}/api/events`)]);
    for (const reader of readers) await reader.until((text) => text.includes("job_a"));
    // The job, all jobs of the tenant, and that job among them.
    expect(listening).toBe(3);
    await clock.advance(60_000);
    expect(listening).toBe(3);
    for (const reader of readers) reader.leave();
    await expect.poll(() => parts.streams.readers(), patience).toBe(0);
    await clock.advance(10_000);
    expect(listening).toBe(0);
    expect(clock.sleeping()).toBe(0);
  });
});

describe("What was erased", () => {
  it("is not told to whoever comes after it, while others still read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cmo-erased-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { store, events } = await open({ location: join(folder, "cmo.db") });
    await append(store, "job_a", drafts(5, "canary-7431"));
    const reader = await openReader(events);
    await reader.until((text) => text.includes("id: 6\n"));
    expect(reader.text()).toContain("canary-7431");
    await store.eraseRows(
      ["canary-7431"],
      ({ table }) => (table === "event" ? { value: "{}" } : undefined),
      () => ({}),
    );
    const late = await openReader(events);
    await late.until((text) => text.includes("id: 6\n"));
    expect(late.text()).not.toContain("canary-7431");
    for (const one of [reader, late]) one.leave();
  });
});

async function readHead(url: string): Promise<{ readonly status: number }> {
  const reader = await openReader(url);
  reader.leave();
  return reader;
}
