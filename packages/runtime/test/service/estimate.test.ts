import { jobDetailSchema } from "@cmo/contract";
import { type JobEvent, reduceProgress } from "@cmo/engine";
import { estimateAt, initialRunEstimate, reduceRunEstimate } from "@cmo/view";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timingsName } from "../../src/estimate/timing-record.ts";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

/** Answers slowly enough for its job to be asked about while it runs. */
const slowIn = (seed: number) => ({
  ...smallConfig,
  source: { ...smallConfig.source, seed, latency_ms: 400 },
});
/** A campaign in a world of its own: nothing of it is in a cache. */
const campaignIn = (seed: number) => ({ ...smallConfig, source: { ...smallConfig.source, seed } });

describe.each(storeKinds)("The estimate of a job over %s", (kind) => {
  let place: ServicePlace;
  let stop: AbortController;
  let working: Promise<void>;
  beforeAll(async () => {
    place = await openServicePlace(kind);
    stop = new AbortController();
  });
  afterAll(async () => {
    stop.abort();
    await working;
    await place.close();
  });

  /** A job that was started and paused: it stays where it is. */
  async function startedJob(service = place.service): Promise<string> {
    const { jobId } = await service.submit({ config: slowIn(10) });
    const attending = place.runtime.engine.attend(jobId);
    await expect.poll(async () => (await service.job(jobId)).progress.stage).not.toBeNull();
    await service.pause(jobId);
    await attending;
    return jobId;
  }

  it("is unknown while it waits, and where nothing like it was run before", async () => {
    const { jobId } = await place.service.submit({ config: slowIn(10) });
    expect(await place.service.job(jobId)).toMatchObject({
      estimate: { state: "unknown", because: "not_started" },
      estimateGrounds: null,
    });
    const first = await startedJob();
    expect(await place.service.job(first)).toMatchObject({
      estimate: { state: "unknown" },
      estimateGrounds: null,
    });
    await place.service.cancel(first);
    expect(await place.service.job(first)).toMatchObject({ estimate: null, estimateGrounds: null });
    await place.service.cancel(jobId);
  });

  it("rests on the tenant's own runs that had ended, and is the same for whoever folds the log", async () => {
    for (const seed of [11, 12]) await place.work(await place.service.submit({ config: campaignIn(seed) }));
    // One that was answered from a cache says nothing of how long another takes.
    await place.work(await place.service.submit({ config: campaignIn(12) }));
    const limits = { max_requests: 900, max_points: 800, timeout_minutes: 5 };
    const { jobId } = await place.service.submit({ config: { ...slowIn(14), limits } });
    working = place.runtime.engine.attend(jobId).then(() => {});
    await expect.poll(async () => (await place.service.job(jobId)).estimate?.state).toBe("estimated");
    const detail = await place.service.job(jobId);
    expect(v.parse(jobDetailSchema, JSON.parse(JSON.stringify(detail)))).toEqual(detail);
    expect(detail.estimateGrounds).toMatchObject({
      runs: 2,
      requestsPerMs: expect.any(Number),
      mostRequests: 900,
      mostPoints: 800,
      timeoutMs: 300_000,
    });
    expect(detail.estimateGrounds?.requestsPerMs).toBeGreaterThan(0);

    // A run that ends now is no ground of this one, and another process says the same.
    await place.work(await place.service.submit({ config: campaignIn(13) }));
    const elsewhere = await place.serviceOf("acme").job(jobId);
    expect(elsewhere.estimateGrounds).toEqual(detail.estimateGrounds);

    await working;
    const log: JobEvent[] = [];
    for await (const event of place.service.events(jobId)) log.push(event);
    let state = initialRunEstimate(detail.estimateGrounds);
    let percent = 0;
    for (const event of log) {
      const before = state.progress;
      state = reduceRunEstimate(state, event, { before, after: reduceProgress(before, event) });
      const estimate = estimateAt(state, Date.parse(event.at));
      if (estimate?.state !== "estimated") continue;
      expect(estimate.percent).toBeGreaterThanOrEqual(percent);
      percent = estimate.percent;
    }
    expect(percent).toBeGreaterThan(50);
    expect(await place.service.job(jobId)).toMatchObject({ estimate: null });
  });

  it("tells a tenant nothing of what another's runs took", async () => {
    const foreign = await startedJob(place.others);
    await place.others.resume(foreign);
    working = place.runtime.engine.attend(foreign).then(() => {});
    await expect
      .poll(async () => (await place.others.job(foreign)).estimate)
      .toEqual({ state: "unknown", because: "first_of_its_kind" });
    expect(await place.runtime.store.readShared(timingsName("others"))).toBeNull();
    await working;
  });

  it("reads each log once, and keeps no more of it than durations and counts", async () => {
    const text = (await place.runtime.store.readShared(timingsName("acme"))) ?? "";
    const kept = JSON.parse(text) as { timing: object | null }[];
    const timings = kept.flatMap(({ timing }) => timing ?? []);
    expect(timings).toHaveLength(2);
    for (const timing of timings) {
      const strings = JSON.stringify(timing).match(/:"[^"]*"/g) ?? [];
      expect(new Set(strings)).toEqual(
        new Set([
          ':"discovery"',
          ':"extraction"',
          ':"enrichment"',
          ':"validation"',
          ':"scoring"',
          ':"export"',
        ]),
      );
    }
  });

  it("forgets the timing of a job that was erased, as soon as another is taken", async () => {
    const kept = async () =>
      (
        JSON.parse((await place.runtime.store.readShared(timingsName("acme"))) ?? "[]") as { jobId: string }[]
      ).map(({ jobId }) => jobId);
    const [erased = ""] = await kept();
    await place.service.eraseJobs({ jobIds: [erased] });
    const { jobId } = await place.service.submit({ config: slowIn(15) });
    working = place.runtime.engine.attend(jobId).then(() => {});
    await expect.poll(async () => (await place.service.job(jobId)).estimate?.state).toBe("estimated");
    expect(await kept()).not.toContain(erased);
    await working;
  });
});
