import { afterEach, describe, expect, it } from "vitest";
import { openReader } from "./support/open-reader.ts";
import { readSse, sseEvents } from "./support/sse-text.ts";
import {
  append,
  drafts,
  finish,
  openStreamServer,
  putJob,
  type StreamServer,
} from "./support/stream-server.ts";

let server: StreamServer;

afterEach(() => server.close());

async function open(options: Parameters<typeof openStreamServer>[0] = {}) {
  server = await openStreamServer(options);
  await putJob(server.store, "job_a");
  const { url } = await server.listen();
  return { ...server, url };
}

const seqs = (text: string) => sseEvents(text).map(({ seq }) => seq);
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, index) => from + index);

describe("A job's stream", () => {
  it("S05 Two readers from the start both see every event, in the same order, with the same ids", async () => {
    const { store, url } = await open();
    const readers = await Promise.all([1, 2].map(() => openReader(`${url}/api/jobs/job_a/events`)));
    for (let round = 0; round < 10; round += 1) await append(store, "job_a", drafts(7));
    await finish(store, "job_a");
    for (const reader of readers) expect(await reader.ended).toBe(true);
    const [one, other] = readers.map((reader) => reader.text());
    expect(one).toBe(other);
    const { events, retries, fields } = readSse(one ?? "");
    expect(events.map(({ id }) => Number(id))).toEqual(upTo(72));
    expect(events.map(({ data }) => JSON.parse(data))).toEqual(await store.readEvents("job_a", 0, 1_000));
    expect(retries).toEqual(["2000"]);
    expect(fields).toEqual(new Set(["retry", "id", "data"]));
  });

  it("S06 One who comes at event 7, or with Last-Event-ID: 7, gets 8 onwards and then live", async () => {
    const { store, url } = await open();
    await append(store, "job_a", drafts(9));
    const readers = await Promise.all([
      openReader(`${url}/api/jobs/job_a/events?after=7`),
      openReader(`${url}/api/jobs/job_a/events?after=2`, { headers: { "Last-Event-ID": "7" } }),
    ]);
    await append(store, "job_a", drafts(5));
    await finish(store, "job_a");
    for (const reader of readers) {
      expect(await reader.ended).toBe(true);
      expect(seqs(reader.text())).toEqual(upTo(16, 8));
    }
  });
});
