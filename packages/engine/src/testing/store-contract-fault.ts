import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { claimChange } from "../job/job-changes.ts";
import { isReadable } from "../job/listed-job.ts";
import type { ClaimRequest } from "../port/job-query.ts";
import type { Store } from "../port/store.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { buildSpec } from "./build-campaign.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import type { StoreUnderTest } from "./store-contract.ts";
import { testDigest } from "./test-digest.ts";

/** What one job that this version cannot read, or cannot work on, costs the others: nothing. */
export function describeFaults(open: () => Promise<StoreUnderTest>): void {
  describe("jobs that cannot be read", () => {
    it("leaves a job of a later version alone: it is listed, shown and paused, and those behind it are worked on", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "newer", priority: 9, spec: laterSpec }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "after" }), [queuedDraft]);
      const before = await store.readJob("newer");
      expect(before?.spec).toEqual(laterSpec);
      for (const limits of [undefined, { perTenant: 5, perSource: { simulator: 5 } }]) {
        const passed: string[] = [];
        const claimed = await claim(store, {
          limits,
          onPassedOver: (jobId, { code, message }) => passed.push(`${jobId} ${code} ${message}`),
        });
        expect(claimed?.job.id).toBe(limits === undefined ? "after" : undefined);
        for (const one of passed) expect(one).toMatch(/^newer job_newer .*limits\.moods/);
        if (limits === undefined) expect(passed).not.toEqual([]);
      }
      await expect(claim(store, { jobId: "newer" })).rejects.toMatchObject({ code: "job_newer" });
      expect(await store.readJob("newer")).toEqual(before);
      expect((await store.listJobs({ limit: 9 })).map(({ id, spec }) => [id, spec !== null])).toEqual([
        ["after", true],
        ["newer", true],
      ]);
      expect((await store.updateJob("newer", () => ({ patch: { status: "paused" } }))).job.status).toBe(
        "paused",
      );
      expect(await claim(store)).toBeNull();
    });

    for (const { what, column, text, code } of damages) {
      it(`goes on with all others where a job has ${what}`, async ({ skip }) => {
        const { store, damage } = await open();
        if (damage === undefined) return skip(noText);
        for (const [id, priority] of [
          ["bad", 9],
          ["one", 5],
          ["two", 1],
        ] as const) {
          await store.createJob(buildNewJob({ id, priority }), [queuedDraft]);
        }
        await damage("bad", column, text);
        const fault = { code, message: expect.stringContaining("Job bad"), hint: expect.any(String) };
        const unreadable = { id: "bad", tenant: "local", status: "queued", spec: null, fault };

        const passed = new Set<string>();
        const onPassedOver = (jobId: string) => void passed.add(jobId);
        expect((await claim(store, { onPassedOver }))?.job.id).toBe("one");
        const limits = { perTenant: 5, perSource: { simulator: 5 } };
        expect((await claim(store, { limits, onPassedOver }))?.job.id).toBe("two");
        expect(await claim(store, { limits, onPassedOver })).toBeNull();
        expect(await claim(store, { onPassedOver })).toBeNull();
        expect([...passed]).toEqual(["bad"]);
        await expect(claim(store, { jobId: "bad" })).rejects.toMatchObject(fault);

        await expect(store.readJob("bad")).rejects.toMatchObject(fault);
        expect(await store.readListedJob("bad")).toMatchObject(unreadable);
        const listed = await store.listJobs({ limit: 2, after: "two" });
        expect(listed).toMatchObject([{ id: "one", status: "running" }, unreadable]);
        expect(await store.listJobs({ limit: 9, tenant: "local", status: ["queued"] })).toMatchObject([
          unreadable,
        ]);
        expect(await store.readQueue()).toMatchObject({ jobs: { queued: 1, running: 2 }, claimable: 1 });
        const writes = ["one", "bad", "two"].map((id) =>
          store.updateJob(id, () => ({ patch: { priority: 3 } })),
        );
        expect((await Promise.allSettled(writes)).map(({ status }) => status)).toEqual([
          "fulfilled",
          "rejected",
          "fulfilled",
        ]);
        expect(await store.readEvents("bad", 0, 9)).toHaveLength(1);

        await store.eraseJobs(["bad"], "job");
        expect(await store.readListedJob("bad")).toBeNull();
        expect(await store.listJobs({ limit: 9 })).toHaveLength(2);
      });
    }

    it("lists the jobs of schedules where others, or one of them, cannot be read", async ({ skip }) => {
      const { store, damage } = await open();
      if (damage === undefined) return skip(noText);
      const scheduled = { ...spec, schedule: { cron: "@daily", timeZone: "UTC" } };
      for (const [id, of] of Object.entries({ bad: spec, "bad-too": scheduled, good: scheduled })) {
        await store.createJob(buildNewJob({ id, spec: of }), [queuedDraft]);
        if (id !== "good") await damage(id, "spec", JSON.stringify(of).slice(0, -1));
      }
      const listed = await store.listJobs({ limit: 9, scheduled: true, status: ["queued"] });
      expect(listed.map((job) => [job.id, isReadable(job)])).toEqual([
        ["good", true],
        ["bad-too", false],
      ]);
    });

    it("takes a job that was mended within a minute", async ({ skip }) => {
      const { store, clock, damage } = await open();
      if (damage === undefined) return skip(noText);
      const { job } = await store.createJob(buildNewJob({ id: "bad" }), [queuedDraft]);
      await damage("bad", "spec", "{");
      expect(await claim(store)).toBeNull();
      await damage("bad", "spec", JSON.stringify(job.spec));
      await clock.advance(60_000);
      expect((await claim(store))?.job.id).toBe("bad");
    });

    it("leaves a job alone whose spec breaks a bound: it can be seen, and is not worked on", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a", spec: { ...spec, targetLeads: -1 } }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "b" }), [queuedDraft]);
      expect((await claim(store))?.job.id).toBe("b");
      expect(await claim(store)).toBeNull();
      await expect(claim(store, { jobId: "a" })).rejects.toMatchObject({
        code: "store_corrupt",
        message: "Job a cannot be read: its spec is not right at targetLeads.",
      });
      expect(await store.readJob("a")).toMatchObject({ spec: { targetLeads: -1 }, status: "queued" });
    });

    it("passes over any number of them", async () => {
      const { store } = await open();
      for (let index = 0; index < 130; index += 1) {
        await store.createJob(buildNewJob({ id: `newer-${index}`, spec: laterSpec }), [queuedDraft]);
      }
      for (const id of ["a", "b", "c"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const passed = new Set<string>();
      const claims = await Promise.all(
        [1, 2, 3, 4].map(() => claim(store, { onPassedOver: (jobId) => void passed.add(jobId) })),
      );
      expect(claims.flatMap((write) => write?.job.id ?? []).sort()).toEqual(["a", "b", "c"]);
      expect(passed.size).toBe(130);
    });

    it("tells who reads a damaged event, lead or result of it, and nobody else", async ({ skip }) => {
      const { store, damage } = await open();
      if (damage === undefined) return skip(noText);
      for (const id of ["bad", "good"]) {
        await store.createJob(buildNewJob({ id }), [queuedDraft]);
        await store.updateJob(id, (job) => ({
          patch: { snapshot: { ...job.snapshot, seq: 3 } },
          events: [noteDraft, noteDraft],
          leads: [buildLead()],
          taskResults: [{ kind: "k", itemId: "1", inputDigest: "d", value: "1", cacheKey: id }],
          checkpoint: "{}",
        }));
      }
      for (const part of ["event", "lead", "task_result", "checkpoint"] as const) {
        await damage("bad", part, '{"login":"iris-imaginary",');
      }
      const event = { code: "store_corrupt", message: "Job bad: event 2 of its log cannot be read." };
      await expect(store.readEvents("bad", 0, 9)).rejects.toMatchObject(event);
      expect(await store.readEvents("bad", 2, 9)).toMatchObject([{ seq: 3 }]);
      const lead = { code: "store_corrupt", message: "Job bad: one of its leads cannot be read." };
      await expect(store.readLeads("bad", { limit: 9 })).rejects.toMatchObject(lead);
      await expect(
        store.readLeads("bad", { limit: 9, sort: { by: "login", descending: false } }),
      ).rejects.toMatchObject(lead);
      expect(await store.countLeads("bad", {})).toBe(1);

      expect(await store.readEvents("good", 0, 9)).toHaveLength(3);
      expect(await store.readLeads("good", { limit: 9 })).toHaveLength(1);
      expect((await store.readCached(["bad", "good"], 0)).get("good")?.value).toBe("1");
      expect((await store.listJobs({ limit: 9 })).every(isReadable)).toBe(true);
      expect((await claim(store))?.job.id).toBe("bad");
      expect((await claim(store))?.job.id).toBe("good");

      const found: string[] = [];
      for await (const row of store.findRows(["iris-imaginary"])) found.push(`${row.table} ${row.jobId}`);
      expect(found.sort()).toEqual(["event bad", "lead bad", "task_result bad"]);
      await store.eraseRows(
        ["iris-imaginary"],
        () => null,
        () => ({ checkpoint: null }),
      );
      expect(await store.readEvents("bad", 0, 2)).toMatchObject([{ seq: 1 }, { seq: 2, data: {} }]);
      expect(await store.readLeads("bad", { limit: 9 })).toEqual([]);
      expect(await store.readCheckpoint("bad")).toBeNull();
    });

    it("erases a person from a job that cannot be read too, and takes it from whoever works on it", async ({
      skip,
    }) => {
      const { store, clock, damage } = await open();
      if (damage === undefined) return skip(noText);
      await store.createJob(buildNewJob({ id: "bad" }), [queuedDraft]);
      await claim(store);
      await store.updateJob("bad", () => ({
        checkpoint: "{}",
        taskResults: [{ kind: "k", itemId: "1", inputDigest: "d", value: '"iris-imaginary"' }],
      }));
      await damage("bad", "spec", "{");
      const changed = await store.eraseRows(
        ["iris-imaginary"],
        () => null,
        () => ({}),
      );
      expect(changed).toEqual(["bad"]);
      expect(await store.readTaskResults("bad", "k", ["1"])).toEqual(new Map());
      expect(await store.readCheckpoint("bad")).toBeNull();
      expect(await store.readListedJob("bad")).toMatchObject({ status: "running", leaseUntil: null });
      await damage("bad", "spec", JSON.stringify(buildSpec()));
      await clock.advance(60_000);
      expect(await claim(store)).toMatchObject({ job: { id: "bad", epoch: 3 } });
    });
  });
}

const noText = "a store that keeps no text has none that could be damaged";

interface Damage {
  readonly what: string;
  readonly column: "spec" | "snapshot";
  readonly text: string;
  readonly code: ErrorCode;
}

const noteDraft: EventDraft = { type: "log", data: { level: "info", code: "test", message: "m" } };
const spec = buildSpec();
const laterSpec = { ...spec, limits: { ...spec.limits, moods: 3 } } as JobSpec;

const damages: readonly Damage[] = [
  { what: "a spec that is no JSON", column: "spec", text: '{"v":1,', code: "store_corrupt" },
  {
    what: "a spec that fails the schema",
    column: "spec",
    text: JSON.stringify({ ...spec, limits: null }),
    code: "store_corrupt",
  },
  {
    what: "a spec of a later form",
    column: "spec",
    text: JSON.stringify({ ...spec, v: 2, limits: "few" }),
    code: "job_newer",
  },
  { what: "a snapshot that is no JSON", column: "snapshot", text: "\u0001", code: "store_corrupt" },
  {
    what: "a snapshot that is none",
    column: "snapshot",
    text: '{"seq":1,"progress":{},"summary":{}}',
    code: "store_corrupt",
  },
];

function claim(store: Store, request: ClaimRequest = {}) {
  return store.claimNext(request, (job, now) =>
    claimChange(job, now, testDigest, { workerId: "worker", leaseMs: 30_000 }),
  );
}
