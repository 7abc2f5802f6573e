import { createFakeClock } from "@cmo/engine/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createFakeNetwork, type FakeNetwork } from "./support/fake-sockets.ts";
import { openReader } from "./support/open-reader.ts";
import { createRecordingMeter } from "./support/recording-meter.ts";
import { sseEvents } from "./support/sse-text.ts";
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
  network = createFakeNetwork(server.app, 16_384);
  await putJob(server.store, "job_a");
  return { ...server, network };
}

const path = "/api/jobs/job_a/events";
const kilobyte = "z".repeat(1_000);
const patience = { timeout: 60_000, interval: 20 };

function seqsOf(socket: { answer(): { readonly body: Buffer } | null }): readonly number[] {
  return sseEvents(socket.answer()?.body.toString() ?? "").map(({ seq }) => seq);
}

describe("A reader that stops reading", () => {
  it("S08 neither slows the job or the others nor holds more than a piece of the log", async () => {
    // Time stands still: nobody is cut off, however long this takes.
    const { store, network } = await open({ clock: createFakeClock() });
    const stalled = Array.from({ length: 20 }, () => network.connect(path));
    const reading = network.connect(path);
    await vi.waitFor(() => expect(stalled.map((socket) => seqsOf(socket).length)).not.toContain(0), patience);
    for (const socket of stalled) socket.stall();
    for (let round = 1; round <= 25; round += 1) {
      await append(store, "job_a", drafts(40, kilobyte.repeat(10)));
      await vi.waitFor(() => expect(reading.received()).toBeGreaterThan(round * 400_000), patience);
    }
    await finish(store, "job_a");
    await reading.closed;
    const total = reading.answer()?.body.length ?? 0;
    expect(total).toBeGreaterThan(10_000_000);
    expect(seqsOf(reading)).toHaveLength(1_002);
    // What Node's socket holds, and one piece that did not fit any more.
    for (const socket of stalled) expect(socket.heldBytes()).toBeLessThan(200_000);
    const [one] = stalled;
    one?.go();
    await one?.closed;
    expect(one?.answer()?.body.equals(reading.answer()?.body ?? Buffer.alloc(0))).toBe(true);
  });

  it("S08 goes on where it was when it reads again, over a real socket", async () => {
    // Time stands still here too: it is cut off when it takes nothing for half a minute.
    const { store, listen } = await open({ clock: createFakeClock() });
    const { url } = await listen();
    const slow = await openReader(`${url}${path}`);
    await slow.until((text) => text.includes("id: 1\n"));
    slow.pause();
    // More than the buffers of a socket's two ends take.
    for (let round = 0; round < 20; round += 1) await append(store, "job_a", drafts(600, kilobyte));
    await finish(store, "job_a");
    const quick = await openReader(`${url}${path}`);
    expect(await quick.ended).toBe(true);
    slow.resume();
    expect(await slow.ended).toBe(true);
    expect(slow.text()).toBe(quick.text());
  });

  it("is cut off when it has taken nothing for the time that it has, and can resume", async () => {
    const clock = createFakeClock();
    const meter = createRecordingMeter();
    const { store, network, parts } = await open({ clock, meter, writeDeadlineMs: 30_000 });
    const slow = network.connect(path);
    const patient = network.connect(path);
    await vi.waitFor(() => expect([...seqsOf(slow), ...seqsOf(patient)]).toEqual([1, 1]), patience);
    for (const socket of [slow, patient]) socket.stall();
    await append(store, "job_a", drafts(500, kilobyte));
    await vi.waitFor(() => expect(slow.heldBytes()).toBeGreaterThan(16_384), patience);
    await clock.advance(28_000);
    expect(parts.streams.readers()).toBe(2);
    patient.go();
    await vi.waitFor(() => expect(seqsOf(patient)).toHaveLength(501), patience);
    await clock.advance(3_000);
    await slow.closed;
    expect(meter.heard).toEqual(["open sse", "open sse", "dropped sse"]);
    const had = seqsOf(slow);
    const resumed = network.connect(path, { "Last-Event-ID": String(had.at(-1)) });
    await finish(store, "job_a");
    await resumed.closed;
    expect([...had, ...seqsOf(resumed)]).toEqual(Array.from({ length: 502 }, (_, index) => index + 1));
  });

  it("of many jobs may fall behind by a little, and begins again with snapshots when it was too much", async () => {
    const meter = createRecordingMeter();
    const { store, network, parts } = await open({ meter, clock: createFakeClock() });
    const slow = network.connect("/api/events");
    const quick = network.connect("/api/events");
    const count = (socket: typeof slow) => seqlessEvents(socket).length;
    await vi.waitFor(() => expect([count(slow), count(quick)]).toEqual([1, 1]), patience);
    slow.stall();
    await append(store, "job_a", drafts(300, kilobyte));
    await vi.waitFor(() => expect(count(quick)).toBe(301), patience);
    slow.go();
    await vi.waitFor(() => expect(count(slow)).toBe(301), patience);
    slow.stall();
    for (let round = 1; round <= 5; round += 1) {
      await append(store, "job_a", drafts(300, kilobyte));
      await vi.waitFor(() => expect(count(quick)).toBe(301 + round * 300), patience);
    }
    await slow.closed;
    expect(meter.heard).toEqual(["open sse", "open sse", "dropped sse"]);
    expect(parts.streams.readers()).toBe(1);
    const again = network.connect("/api/events");
    await vi.waitFor(
      () =>
        expect(seqlessEvents(again)).toMatchObject([{ type: "snapshot", jobId: "job_a", lastSeq: 1_801 }]),
      patience,
    );
  });
});

function seqlessEvents(socket: { answer(): { readonly body: Buffer } | null }): readonly unknown[] {
  return sseEvents(socket.answer()?.body.toString() ?? "");
}
