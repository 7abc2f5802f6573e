import { CmoError, createMemoryStore, type JobEvent, parseCampaign, type Store } from "@cmo/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCampaignSpec, createRuntime } from "../../src/index.ts";
import { observeJobs } from "../../src/store/observe-jobs.ts";
import { followRuns } from "../../src/telemetry/follow-runs.ts";
import { testHost } from "../support/test-host.ts";
import {
  atStage,
  createRecorder,
  openTelemetryPlace,
  slowCampaign,
  smallCampaign,
  type TelemetryPlace,
} from "./telemetry-place.ts";

let place: TelemetryPlace;
beforeEach(async () => {
  place = await openTelemetryPlace();
});
afterEach(() => place.close());

async function logOf(
  { runtime }: { runtime: { store: Store } },
  jobId: string,
): Promise<readonly JobEvent[]> {
  return runtime.store.readEvents(jobId, 0, 10_000);
}

describe("listening to the runs of a process", () => {
  it("tells of every event of the log, once and in order, between taking the job and letting it go", async () => {
    const recorder = createRecorder();
    const process = await place.open({ listeners: [recorder] });
    const jobId = await process.submit();
    await process.runtime.engine.attend(jobId);
    await process.finish();
    const log = await logOf(process, jobId);
    expect(recorder.events).toEqual(log);
    expect(recorder.heard.filter((line) => !/^\d/.test(line))).toEqual([
      `taken ${jobId} 1 running`,
      `released ${jobId} 1 completed`,
    ]);
    expect(recorder.heard.indexOf(`taken ${jobId} 1 running`)).toBe(1);
    expect(recorder.heard.at(-1)).toBe(`released ${jobId} 1 completed`);
  });

  it("S17 tells each event to one process only, through a pause and when another goes on", async () => {
    const [one, other] = [createRecorder(), createRecorder()];
    const pausing = atStage("extraction", (id) => there.runtime.engine.pause(id));
    const here = await place.open({ listeners: [one, pausing] });
    const there = await place.open({ listeners: [other] });
    const jobId = await here.submit(slowCampaign);
    await here.runtime.engine.attend(jobId);
    await there.runtime.engine.resume(jobId);
    await there.runtime.engine.attend(jobId);
    await Promise.all([here.finish(), there.finish()]);

    const log = await logOf(here, jobId);
    expect(one.events.length).toBeGreaterThan(3);
    expect(other.events.length).toBeGreaterThan(3);
    expect([...one.events, ...other.events]).toEqual(log);
    expect(one.heard.at(-1)).toBe(`released ${jobId} 1 paused`);
    expect(other.heard.at(-1)).toBe(`released ${jobId} 2 completed`);
  });

  it("S15 tells a process that lost its job nothing of what the next one does", async () => {
    const [one, other] = [createRecorder(), createRecorder()];
    // As if its lease had run out while it was frozen: the next one claims the job.
    const taking = atStage("extraction", async (id) => {
      await there.runtime.store.updateJob(id, () => ({ patch: { leaseUntil: 1 } }));
      await there.runtime.engine.attend(id);
    });
    const here = await place.open({ listeners: [one, taking] });
    const there = await place.open({ listeners: [other] });
    const jobId = await here.submit(slowCampaign);
    await here.runtime.engine.attend(jobId);
    await Promise.all([here.finish(), there.finish()]);

    expect(one.heard).toContain(`lost ${jobId}`);
    expect([...one.events, ...other.events]).toEqual(await logOf(here, jobId));
    expect(other.heard.at(-1)).toBe(`released ${jobId} 2 completed`);
  });

  it("tells of what was done to a job that nobody works on, where it was done", async () => {
    const recorder = createRecorder();
    const process = await place.open({ listeners: [recorder] });
    const jobId = await process.submit();
    await process.runtime.engine.pause(jobId);
    await process.runtime.engine.cancel(jobId);
    await process.finish();
    expect(recorder.heard).toEqual(["1 job.queued", "2 job.paused", "3 job.cancelled"]);
  });

  it("tells in later turns: whoever writes goes on before anybody hears of it", async () => {
    const order: string[] = [];
    const store = createMemoryStore(testHost());
    const follower = followRuns([{ onEvent: ({ type }) => void order.push(`heard ${type}`) }], () => {});
    const observed = observeJobs(store, {
      ...follower.observer,
      onWritten(written, missed) {
        follower.observer.onWritten?.(written, missed);
        order.push("written");
      },
    });
    const runtime = createRuntime({ host: testHost(), store: observed });
    const parsed = parseCampaign(smallCampaign);
    if (!parsed.ok) throw new Error("The campaign cannot be read.");
    await runtime.engine.submit(await createCampaignSpec(runtime, { config: parsed.value }));
    order.push("went on");
    await follower.settle();
    expect(order).toEqual(["written", "went on", "heard job.queued"]);
  });

  it("leaves a listener alone that throws, tells so once, and goes on with the others and the job", async () => {
    const recorder = createRecorder();
    let calls = 0;
    const broken = {
      onEvent() {
        calls += 1;
        throw new Error("out of order");
      },
    };
    const process = await place.open({ listeners: [broken, recorder] });
    const jobId = await process.submit();
    const summary = await process.runtime.engine.attend(jobId);
    await process.finish();
    expect(summary.ok).toBe(true);
    expect(calls).toBe(1);
    expect(recorder.events).toEqual(await logOf(process, jobId));
    expect(process.lines("a listener failed, and hears nothing more")).toEqual([
      expect.objectContaining({ level: "error", stack: expect.stringContaining("out of order") }),
    ]);
  });

  it("does nothing when nobody listens", async () => {
    const process = await place.open();
    expect(process.telemetry.hooks).toEqual({});
  });
});

describe("observeJobs", () => {
  it("tells of what was written without an answer with what is written next, once", async () => {
    const store = createMemoryStore(testHost());
    let lost = 0;
    // A store whose connection breaks between the write and its answer.
    const shaky: Store = {
      ...store,
      async updateJob(jobId, decide) {
        const written = await store.updateJob(jobId, decide);
        if (lost > 0 || !written.events.some(({ type }) => type === "stage.started")) return written;
        lost = written.events.length;
        throw new CmoError("store_unavailable", "The connection is gone.");
      },
    };
    const recorder = createRecorder();
    const follower = followRuns([recorder], () => {});
    const runtime = createRuntime({ host: testHost(), store: observeJobs(shaky, follower.observer) });
    const parsed = parseCampaign({ ...smallCampaign, ...slowCampaign });
    if (!parsed.ok) throw new Error("The campaign cannot be read.");
    const job = await runtime.engine.submit(await createCampaignSpec(runtime, { config: parsed.value }));
    await runtime.engine.attend(job.id);
    await follower.settle();
    expect(lost).toBeGreaterThan(0);
    expect(recorder.events).toEqual(await store.readEvents(job.id, 0, 10_000));
  });
});
