import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@cmo/engine/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readWithCuts } from "./support/cut-reader.ts";
import { openReader } from "./support/open-reader.ts";
import { sseEvents } from "./support/sse-text.ts";
import { openStreamServer } from "./support/stream-server.ts";

const config = {
  name: "cuts",
  params: { language: "Python", stars_range: "100..2000", activity_days: 90, target_leads: 100 },
  source: { type: "simulator", seed: 7, repositories: 3_000, latency_ms: 10 },
};

describe("Readers of a running campaign whose connections break", () => {
  it("S07 have the whole log after 100 cuts at random bytes, beside 20 others, late ones and one that stops", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cmo-cuts-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { parts, runtime, store, listen, close } = await openStreamServer({
      location: join(folder, "cmo.db"),
    });
    onTestFinished(close);
    const { url, port } = await listen();
    const { jobId } = await parts.service("local").submit({ config });
    const path = `/api/jobs/${jobId}/events`;
    const seed = Number(process.env.CMO_SEED ?? 20_261_127);
    const random = seededRandom(seed);

    const stopped = await openReader(`${url}${path}`);
    await stopped.until((text) => text.includes("id: 1\n"));
    stopped.pause();
    const read = (cuts: number) => {
      const reading = readWithCuts({ port, path }, { cuts, random, mostBytes: 1_200 });
      // Looked at in the end; what goes wrong before is not to hide what it came from.
      reading.catch(() => {});
      return reading;
    };
    const readings = [read(100), ...Array.from({ length: 20 }, (_, index) => read(index))];
    const work = runtime.engine.attend(jobId);
    for (const seq of [20, 45]) {
      await vi.waitUntil(async () => ((await store.readJob(jobId))?.lastSeq ?? 0) >= seq, {
        timeout: 110_000,
      });
      for (const cuts of [0, 10]) readings.push(read(cuts));
    }
    const summary = await work;
    readings.push(read(10));

    const log = await store.readEvents(jobId, 0, 100_000);
    expect(summary.status).toBe("completed");
    expect(log.length).toBeGreaterThan(50);
    const [first, ...others] = await Promise.all(readings);
    expect(first?.cuts, `seed ${seed}`).toBe(100);
    for (const { logs } of [first, ...others].flatMap((reading) => reading ?? [])) {
      for (const events of logs) expect(events, `seed ${seed}`).toEqual(log);
    }
    stopped.resume();
    expect(await stopped.ended).toBe(true);
    expect(sseEvents(stopped.text())).toEqual(log);
    // Cuts that all fell between two events would prove nothing.
    expect(first?.places.event, `seed ${seed}`).toBeGreaterThan(10);
  });
});
