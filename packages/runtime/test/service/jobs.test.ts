import { type JobView, jobDetailSchema, jobPageSchema, runSummarySchema } from "@cmo/contract";
import type { JobEvent, JobStatus } from "@cmo/engine";
import fc from "fast-check";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

describe.each(storeKinds)("The jobs of a service over %s", (kind) => {
  let place: ServicePlace;
  let ended: string;
  let foreign: string;
  const own: string[] = [];
  beforeAll(async () => {
    place = await openServicePlace(kind);
    for (let count = 0; count < 7; count += 1) {
      own.unshift((await place.service.submit({ config: { ...smallConfig, name: `own-${count}` } })).jobId);
      const { jobId } = await place.others.submit({ config: { ...smallConfig, name: `foreign-${count}` } });
      foreign = jobId;
    }
    ended = await place.work({ jobId: own.at(-1) ?? "" });
  });
  afterAll(() => place.close());

  async function allPages(limit: number, status?: readonly JobStatus[]): Promise<JobView[]> {
    const jobs: JobView[] = [];
    for (let after: string | undefined; ; ) {
      const page = await place.service.jobs({ limit, status, after });
      expect(v.parse(jobPageSchema, page)).toEqual(page);
      expect(page.jobs.length).toBeLessThanOrEqual(limit);
      // A page with a next is full, and the one that it leads to is not empty.
      if (after !== undefined) expect(page.jobs.length).toBeGreaterThan(0);
      jobs.push(...page.jobs);
      if (page.next === null) return jobs;
      expect(page.jobs).toHaveLength(limit);
      after = page.next;
    }
  }

  it("come newest first, each once, in pages of any size, and none of another tenant", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (limit) => {
        expect((await allPages(limit)).map(({ id }) => id)).toEqual(own);
      }),
      { numRuns: 9 },
    );
    expect((await allPages(2, ["completed", "failed"])).map(({ id }) => id)).toEqual([ended]);
    expect(await allPages(2, ["paused"])).toEqual([]);
    expect((await allPages(1_000, [])).length).toBe(7);
  });

  it("S37 are read from no cursor that is none of theirs, and in no page without bounds", async () => {
    const cursor = fc.oneof(fc.constant(foreign), fc.constant(`${ended}x`), fc.string({ unit: "binary" }));
    await fc.assert(
      fc.asyncProperty(cursor, async (after) => {
        await expect(place.service.jobs({ after })).rejects.toMatchObject({
          code: "usage",
          problems: [{ path: ["after"] }],
        });
      }),
      { numRuns: 100 },
    );
    for (const limit of [0, -1, 1_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(place.service.jobs({ limit })).rejects.toMatchObject({
        code: "usage",
        problems: [{ path: ["limit"] }],
      });
    }
  });

  it("say how they stand, with everything and nothing of how they are stored", async () => {
    const detail = await place.service.job(ended);
    expect(v.parse(v.strictObject(jobDetailSchema.pipe[0].entries), detail)).toEqual(detail);
    expect(detail).toMatchObject({
      name: "own-0",
      status: "completed",
      percent: 100,
      lease: null,
      leaseMs: 15_000,
    });
    expect(JSON.stringify(detail)).not.toContain("suppress");
    const summary = await place.service.summary(ended);
    expect(v.parse(runSummarySchema, summary)).toEqual(summary);
    expect(summary).toEqual(await place.runtime.engine.summary(ended));
    expect((await place.service.summary(own[0] ?? "")).ok).toBeNull();
  });

  it("S06 give their log from anywhere, by channel, to its end", async () => {
    const read = async (query?: Parameters<typeof place.service.events>[1]) => {
      const events: JobEvent[] = [];
      for await (const event of place.service.events(ended, query)) events.push(event);
      return events;
    };
    const log = await place.runtime.store.readEvents(ended, 0, 10_000);
    expect(await read()).toEqual(log);
    expect(await read({ after: 7 })).toEqual(log.slice(7));
    const jobs = await read({ channels: ["stage"] });
    expect(new Set(jobs.map(({ type }) => type.split(".")[0]))).toEqual(new Set(["job", "stage"]));
    expect(await read({ signal: AbortSignal.abort() })).toEqual([]);
    for (const after of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(read({ after })).rejects.toMatchObject({ code: "usage", problems: [{ path: ["after"] }] });
    }
  });

  it("S17 S16 S18 are paused, gone on with, cancelled and tried again", async () => {
    const { jobId } = await place.service.submit({ config: smallConfig });
    expect(await place.service.pause(jobId)).toMatchObject({ id: jobId, status: "paused", state: "paused" });
    expect(await place.service.resume(jobId)).toMatchObject({ status: "queued" });
    await expect(place.service.retry(jobId)).rejects.toMatchObject({ code: "conflict" });
    expect(await place.service.cancel(jobId)).toMatchObject({ status: "cancelled" });
    await expect(place.service.resume(jobId)).rejects.toMatchObject({ code: "conflict" });
    const again = await place.service.retry(jobId);
    expect(again).toMatchObject({ status: "queued", parentJobId: jobId });
    expect(again.id).not.toBe(jobId);
    await expect(place.others.job(again.id)).rejects.toMatchObject({ code: "not_found" });
    await place.service.cancel(again.id);
  });

  it("S36 S37 another tenant's job is as one that is not there, in every method and in the same words", async () => {
    const methods: ((jobId: string) => Promise<unknown>)[] = [
      (id) => place.service.job(id),
      (id) => place.service.summary(id),
      async (id) => {
        for await (const _event of place.service.events(id)) throw new Error("an event of another tenant");
      },
      (id) => place.service.pause(id),
      (id) => place.service.resume(id),
      (id) => place.service.cancel(id),
      (id) => place.service.retry(id),
      (id) => place.service.leads(id),
      (id) => place.service.leadsFile(id, "json"),
      (id) => place.service.leadsFile(id, "ndjson"),
      (id) => place.service.artifacts(id),
      (id) => place.service.artifact(id, `${id}_summary.json`),
      (id) => place.service.eraseJobs({ jobIds: [id] }),
      (id) => place.service.eraseJobs({ jobIds: [ended, id] }),
      (id) => place.service.eraseJobs({ jobIds: [id] }, { dryRun: true }),
    ];
    const before = await place.runtime.engine.job(foreign);
    for (const method of methods) {
      for (const id of [foreign, "job_00000000000000000000", "../etc/passwd", ""]) {
        await expect(method(id)).rejects.toMatchObject({
          code: "not_found",
          message: `There is no job ${id} in this store.`,
          hint: null,
          problems: [],
        });
      }
    }
    expect(await place.runtime.engine.job(foreign)).toEqual(before);
    expect(await place.service.job(ended)).toMatchObject({ id: ended });
  });
});
