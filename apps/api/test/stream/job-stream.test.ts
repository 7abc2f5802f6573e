import { createFakeClock } from "@cmo/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { openReader, readWhole } from "./support/open-reader.ts";
import { readSse, sseEvents } from "./support/sse-text.ts";
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
  await putJob(server.store, "job_a");
  const { url } = await server.listen();
  return { ...server, url, events: `${url}/api/jobs/job_a/events` };
}

const seqs = (text: string) => sseEvents(text).map(({ seq }) => seq);
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, index) => from + index);
const ndjson = { Accept: "application/x-ndjson" };

describe("A job's stream", () => {
  it("S05 Two readers from the start both see every event, in the same order, with the same ids", async () => {
    const { store, events } = await open();
    const readers = await Promise.all([1, 2].map(() => openReader(events)));
    for (let round = 0; round < 10; round += 1) await append(store, "job_a", drafts(7));
    await finish(store, "job_a");
    for (const reader of readers) expect(await reader.ended).toBe(true);
    const [one, other] = readers.map((reader) => reader.text());
    expect(one).toBe(other);
    const reading = readSse(one ?? "");
    expect(reading.events.map(({ id }) => Number(id))).toEqual(upTo(72));
    expect(reading.events.map(({ data }) => JSON.parse(data))).toEqual(
      await store.readEvents("job_a", 0, 1_000),
    );
    expect(reading.retries).toEqual(["2000"]);
    expect(reading.fields).toEqual(new Set(["retry", "id", "data"]));
  });

  it("S06 One who comes at event 7, or reconnects with Last-Event-ID: 7, gets 8 onwards and then live", async () => {
    const { store, events } = await open();
    await append(store, "job_a", drafts(9));
    const readers = await Promise.all([
      openReader(`${events}?after=7`),
      openReader(events, { headers: { "Last-Event-ID": "7" } }),
      openReader(`${events}?after=2`, { headers: { "Last-Event-ID": "7" } }),
    ]);
    for (const reader of readers) await reader.until((text) => seqs(text).length === 3);
    await append(store, "job_a", drafts(5));
    await finish(store, "job_a");
    for (const reader of readers) {
      expect(await reader.ended).toBe(true);
      expect(seqs(reader.text())).toEqual(upTo(16, 8));
    }
  });

  it("S06 One who comes after the end gets the whole log, one terminal event, and the stream closes", async () => {
    const { store, events } = await open();
    await append(store, "job_a", drafts(1_000, "x".repeat(300)));
    await finish(store, "job_a");
    const log = await store.readEvents("job_a", 0, 10_000);
    const whole = await readWhole(events);
    expect(sseEvents(whole.text)).toEqual(log);
    const lines = await readWhole(events, ndjson);
    expect(
      lines.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(log);
  });

  it.each(["job", "stage", "metrics", "tool", "artifact", "log", "quota", "stage,tool"])(
    "S06 The terminal event comes and the stream closes with the channels %s",
    async (channels) => {
      const { store, events } = await open();
      const early = await openReader(`${events}?channels=${channels}`);
      await append(store, "job_a", drafts(200));
      await finish(store, "job_a");
      const late = await readWhole(`${events}?channels=${channels}`);
      expect(await early.ended).toBe(true);
      const shown = new Set(["job", ...channels.split(",")]);
      const log = await store.readEvents("job_a", 0, 1_000);
      const expected = log.filter(({ type }) => shown.has(type.split(".")[0] ?? ""));
      expect(sseEvents(early.text())).toEqual(expected);
      expect(sseEvents(late.text)).toEqual(expected);
      expect(expected.filter(({ type }) => type === "job.completed")).toHaveLength(1);
    },
  );

  it("answers 204 to a reader that has the terminal event, and to nobody else", async () => {
    const { store, events } = await open();
    await append(store, "job_a", drafts(3));
    const running = await openReader(`${events}?after=4`);
    expect(running.status).toBe(200);
    running.leave();
    await finish(store, "job_a");
    const statuses = await Promise.all(
      [4, 5, 6].map(async (after) => (await readWhole(`${events}?after=${after}`)).status),
    );
    expect(statuses).toEqual([200, 204, 204]);
    const resumed = await readWhole(`${events}?channels=log`, { "Last-Event-ID": "5" });
    expect([resumed.status, resumed.text]).toEqual([204, ""]);
  });

  it("ends for a reader that asked for what lies behind the end", async () => {
    const { store, events } = await open();
    const reader = await openReader(`${events}?after=50`);
    await append(store, "job_a", drafts(10));
    await finish(store, "job_a");
    expect(await reader.ended).toBe(true);
    expect(sseEvents(reader.text())).toEqual([]);
  });

  it("S09 An event type from the future passes through in both forms", async () => {
    const { store, events } = await open();
    const sse = await openReader(events);
    const lines = await openReader(events, { headers: ndjson });
    await append(store, "job_a", [futureDraft]);
    await finish(store, "job_a");
    await Promise.all([sse.ended, lines.ended]);
    const future = { seq: 2, type: "omen.seen", data: { bird: "owl\u2028\r\n", deep: [{ ü: null }] } };
    expect(sseEvents(sse.text())[1]).toMatchObject(future);
    expect(JSON.parse(lines.text().split("\n")[1] ?? "")).toMatchObject(future);
  });

  it("has the headers that keep it from being held up, kept or embedded", async () => {
    const { events, app } = await open();
    const reader = await openReader(events);
    const head = await app.request("http://127.0.0.1/api/jobs/job_a/events", { method: "HEAD" });
    for (const name of [
      "cache-control",
      "x-accel-buffering",
      "x-content-type-options",
      "content-security-policy",
    ]) {
      expect(reader.headers[name], name).toBeDefined();
      expect(head.headers.get(name), name).toBe(reader.headers[name]);
    }
    expect(reader.headers["content-type"]).toBe("text/event-stream");
    expect(reader.headers["cache-control"]).toBe("no-store");
    expect(reader.headers["x-accel-buffering"]).toBe("no");
    const lines = await openReader(events, { headers: ndjson });
    expect(lines.headers["content-type"]).toBe("application/x-ndjson");
  });

  it("answers HEAD with the head alone, and keeps nothing open for it", async () => {
    const { app, events, parts } = await open();
    const head = await readWhole(events, {}, "HEAD");
    expect([head.status, head.text]).toEqual([200, ""]);
    for (const path of ["/api/jobs/job_a/events", "/api/events"]) {
      const answer = await app.request(`http://127.0.0.1${path}`, { method: "HEAD" });
      expect([answer.status, await answer.text()]).toEqual([200, ""]);
    }
    expect(parts.streams.readers()).toBe(0);
  });

  it.each([
    ["?after=-1", {}, "after"],
    ["?after=1.5", {}, "after"],
    ["?after=", {}, "after"],
    ["?after=1&after=2", {}, "after"],
    ["?after=7up", {}, "after"],
    ["?after=99999999999999999999", {}, "after"],
    ["", { "Last-Event-ID": "last" }, "Last-Event-ID"],
    ["", { "Last-Event-ID": "-1" }, "Last-Event-ID"],
    ["?after=3", { "Last-Event-ID": "0x7" }, "Last-Event-ID"],
    ["?channels=stages", {}, "channels"],
    ["?channels=", {}, "channels"],
    ["?before=3", {}, "before"],
  ])("refuses %s %o by the name of what is wrong", async (query, headers, name) => {
    const { app } = await open();
    const answer = await app.request(`http://127.0.0.1/api/jobs/job_a/events${query}`, { headers });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const document = (await answer.json()) as { problems: { path: string[]; message: string }[] };
    expect(document.problems.map(({ path }) => path[0])).toEqual([name]);
    if (name === "channels") expect(document.problems[0]?.message).toContain("job, stage, metrics, tool");
  });

  it("S36 An unknown job is 404, whatever else is asked, and somebody else's is unknown", async () => {
    const { app, store } = await open();
    await putJob(store, "job_theirs", { tenant: "theirs" });
    for (const path of [
      "/api/jobs/job_none/events",
      "/api/jobs/job_theirs/events?after=3",
      "/api/events?jobs=job_a,job_theirs",
    ]) {
      const answer = await app.request(`http://127.0.0.1${path}`);
      expect(answer.status, path).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "not_found" });
    }
  });

  it("says something at least every 15 seconds, and not more than is needed", async () => {
    const clock = createFakeClock();
    const { store, events } = await open({ clock });
    const sse = await openReader(events);
    const lines = await openReader(events, { headers: ndjson });
    await sse.until((text) => seqs(text).length === 1);
    await lines.until((text) => text.endsWith("\n"));
    await clock.advance(15_000);
    await sse.until((text) => readSse(text).comments === 1);
    await lines.until((text) => text.endsWith("\n\n"));
    await clock.advance(10_000);
    await append(store, "job_a", drafts(1));
    await sse.until((text) => seqs(text).length === 2);
    await clock.advance(13_000);
    expect(readSse(sse.text()).comments).toBe(1);
    await clock.advance(2_000);
    await sse.until((text) => readSse(text).comments === 2);
    await lines.until((text) => text.split("\n").filter((line) => line === "").length === 3);
  });

  it("leaves the job alone when its reader goes away", async () => {
    const { store, events, parts } = await open();
    const reader = await openReader(events);
    await reader.until((text) => seqs(text).length === 1);
    reader.leave();
    await expect.poll(() => parts.streams.readers()).toBe(0);
    expect(await store.readJob("job_a")).toMatchObject({ status: "queued", desired: null, lastSeq: 1 });
  });

  it("can be read from a request that never was on a socket", async () => {
    const { app, store } = await open();
    const answer = await app.request("http://127.0.0.1/api/jobs/job_a/events");
    await append(store, "job_a", drafts(300, "y".repeat(1_000)));
    await finish(store, "job_a");
    expect(seqs(await answer.text())).toEqual(upTo(302));
  });
});
