import { describe, expect, it } from "vitest";
import { verifyLog } from "../chain/verify-log.ts";
import { appendEvents } from "../job/job-changes.ts";
import { newJob } from "../job/new-job.ts";
import type { JobChange } from "../port/job-change.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import type { StoreUnderTest } from "./store-contract.ts";
import { testDigest } from "./test-digest.ts";

/** What a store keeps about jobs and the changes to them. */
export function describeJobs(open: () => Promise<StoreUnderTest>): void {
  describe("jobs", () => {
    it("keeps a job as it was put in, with the time and the number of its first events", async () => {
      const { store } = await open();
      const created = await store.createJob(buildNewJob({ id: "a", priority: 3 }), [queuedDraft]);
      const { createdAt, lastSeq, ...rest } = created.job;
      expect(rest).toEqual(buildNewJob({ id: "a", priority: 3 }));
      expect(lastSeq).toBe(1);
      expect(created.events).toMatchObject([{ jobId: "a", seq: 1, at: new Date(createdAt).toISOString() }]);
      expect(await store.readJob("a")).toEqual(created.job);
      expect(await store.readJob("b")).toBeNull();
    });

    it("tells its time, which is that of what is written", async () => {
      const { store, clock } = await open();
      const before = await store.now();
      await clock.advance(10_000);
      const { job } = await store.createJob(buildNewJob(), [queuedDraft]);
      expect(job.createdAt - before).toBeGreaterThanOrEqual(10_000);
      expect(await store.now()).toBeGreaterThanOrEqual(job.createdAt);
    });

    it("refuses an id that is taken, and keeps the job that has it", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a", priority: 1 }), [queuedDraft]);
      await expect(
        store.createJob(buildNewJob({ id: "a", priority: 2 }), [queuedDraft]),
      ).rejects.toMatchObject({ code: "conflict" });
      expect(await store.readJob("a")).toMatchObject({ priority: 1, lastSeq: 1 });
      expect(await store.readEvents("a", 0, 10)).toHaveLength(1);
    });

    it("keeps the config that a job was made from, to the letter, beside it", async () => {
      const { store } = await open();
      const configText = "# Ünïcode \ud83d\ude00 \\ '\nname: n\n";
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft], { configText });
      await store.createJob(buildNewJob({ id: "b" }), [queuedDraft]);
      await store.updateJob("a", () => ({ patch: { priority: 5 } }));
      expect(await store.readConfigText("a")).toBe(configText);
      expect(await store.readConfigText("b")).toBeNull();
      await store.eraseJobs(["a"], "job");
      for (const gone of ["a", "nobody"]) {
        await expect(store.readConfigText(gone)).rejects.toMatchObject({ code: "not_found" });
      }
    });

    it("gives an id to one of two who ask for it at once", async () => {
      const { store } = await open();
      const asked = [1, 2, 3].map((priority) =>
        store.createJob(buildNewJob({ id: "a", priority }), [queuedDraft]),
      );
      const settled = await Promise.allSettled(asked);
      expect(settled.filter((one) => one.status === "fulfilled")).toHaveLength(1);
      expect(await store.readEvents("a", 0, 10)).toHaveLength(1);
    });

    it("patches only what a change names, and tells decide the job as it stands", async () => {
      const { store, clock } = await open();
      const { job: created } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await clock.advance(1_000);
      const { job, events } = await store.updateJob("a", (current, now) => {
        expect(current).toEqual(created);
        expect(now).toBeGreaterThanOrEqual(created.createdAt + 1_000);
        return { patch: { desired: "paused", attempt: 2 } };
      });
      expect(job).toEqual({ ...created, desired: "paused", attempt: 2 });
      expect(events).toEqual([]);
      expect(await store.readJob("a")).toEqual(job);
      const cleared = await store.updateJob("a", () => ({ patch: { desired: null } }));
      expect(cleared.job).toEqual({ ...created, attempt: 2 });
    });

    it("writes everything of a change", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => fullChange);
      expect(await store.readJob("a")).toMatchObject({ status: "paused", lastSeq: 2 });
      expect(await store.readEvents("a", 1, 10)).toMatchObject([{ seq: 2, type: "job.paused", data: {} }]);
      expect((await store.readTaskResults("a", "kind", ["x"])).get("x")?.value).toBe("1");
      expect(await store.readLeads("a", { afterRank: 0, limit: 10 })).toEqual([buildLead()]);
    });

    it("puts in the next job of a change, in the same transaction, unless its id is taken", async () => {
      const { store, clock } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await clock.advance(1_000);
      const next = { job: buildNewJob({ id: "b", priority: 2, notBefore: 9_000 }), events: [queuedDraft] };
      const { job } = await store.updateJob("a", () => ({ ...fullChange, next }));
      const made = await store.readJob("b");
      expect(job).toMatchObject({ id: "a", status: "paused" });
      expect(made).toMatchObject({ ...next.job, lastSeq: 1 });
      expect(made?.createdAt).toBeGreaterThanOrEqual(job.createdAt + 1_000);
      expect(await store.readEvents("b", 0, 10)).toMatchObject([{ jobId: "b", seq: 1, type: "job.queued" }]);
      expect((await store.listJobs({ limit: 9 })).map(({ id }) => id)).toEqual(["b", "a"]);
      const again = { ...next, job: { ...next.job, priority: 5 } };
      await store.updateJob("a", () => ({ patch: { attempt: 7 }, next: again }));
      expect(await store.readJob("a")).toMatchObject({ attempt: 7 });
      expect(await store.readJob("b")).toEqual(made);
      expect(await store.readEvents("b", 0, 10)).toHaveLength(1);
    });

    it("gives the next job of a change the config of this one, and a chain of its own over its first events", async () => {
      const { store } = await open();
      const configText = "name: campaign\n";
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft], { configText });
      const { spec, priority, notBefore, tenant, parentJobId } = buildNewJob();
      await store.updateJob("a", (_job, now) => ({
        patch: { attempt: 7 },
        next: newJob({ id: "b", spec, priority, notBefore, tenant, parentJobId }, now, testDigest),
      }));
      expect(await store.readConfigText("b")).toBe(configText);
      expect(await verifyLog(store, testDigest, "b")).toEqual({
        events: 1,
        canonical: 1,
        covered: 1,
        uncovered: [],
        problem: null,
      });
    });

    it("puts in nothing with a change whose decide throws after all", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a", status: "completed" }), [queuedDraft]);
      const late = store.updateJob("a", (current, now) => ({
        ...appendEvents(current, now, testDigest, [queuedDraft]),
        next: { job: buildNewJob({ id: "b" }), events: [queuedDraft] },
      }));
      await expect(late).rejects.toMatchObject({ code: "invariant_violated" });
      expect(await store.readJob("b")).toBeNull();
    });

    it("gives the next job to one of two changes that put it in at once", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const next = { job: buildNewJob({ id: "c" }), events: [queuedDraft] };
      await Promise.all(["a", "b"].map((id) => store.updateJob(id, () => ({ patch: { attempt: 3 }, next }))));
      for (const id of ["a", "b"]) expect(await store.readJob(id)).toMatchObject({ attempt: 3 });
      expect(await store.readEvents("c", 0, 10)).toHaveLength(1);
    });

    it("lists the jobs of schedules, beside what else is asked for", async () => {
      const { store } = await open();
      const schedule = { cron: "@daily", timeZone: "UTC" };
      const spec = { ...buildNewJob().spec, schedule };
      await store.createJob(buildNewJob({ id: "a", spec }), [queuedDraft]);
      // What only looks like a schedule is none.
      const goal = '"schedule":{"cron":"@daily"}';
      await store.createJob(buildNewJob({ id: "b", spec: { ...buildNewJob().spec, goal } }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "c", spec, status: "completed" }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "d", spec, tenant: "acme", keepUntil: 1 }), [queuedDraft]);
      const idsOf = async (filter: Partial<Parameters<typeof store.listJobs>[0]>) =>
        (await store.listJobs({ limit: 9, scheduled: true, ...filter })).map((job) => job.id);
      expect(await idsOf({})).toEqual(["d", "c", "a"]);
      expect(await idsOf({ status: ["queued"] })).toEqual(["d", "a"]);
      expect(await idsOf({ status: ["queued"], tenant: "local" })).toEqual(["a"]);
      expect(await idsOf({ limit: 1, after: "d" })).toEqual(["c"]);
      expect(await idsOf({ expiredAt: 2 })).toEqual(["d"]);
      expect(await idsOf({ scheduled: false })).toEqual(["d", "c", "b", "a"]);
    });

    it("writes nothing of a change whose decide throws, and throws what it threw", async () => {
      const { store } = await open();
      const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const refusal = new Error("no");
      const refuse = () => {
        throw refusal;
      };
      await expect(store.updateJob("a", refuse)).rejects.toBe(refusal);
      await expect(store.claimNext({}, refuse)).rejects.toBe(refusal);
      expect(await store.readJob("a")).toEqual(job);
      expect(await store.readEvents("a", 0, 10)).toHaveLength(1);
      // The refusal holds nothing up for those who come after.
      expect((await store.updateJob("a", () => fullChange)).job.lastSeq).toBe(2);
    });

    it("S12 writes nothing to a job that has ended, as the engine asks it to", async () => {
      const { store } = await open();
      const ended = buildNewJob({ id: "a", status: "completed", finishedAt: 5 });
      const { job } = await store.createJob(ended, [queuedDraft]);
      const late = store.updateJob("a", (current, now) => ({
        ...appendEvents(current, now, testDigest, [{ type: "job.cancelled", data: { partial: false } }], {
          status: "cancelled",
        }),
        taskResults: fullChange.taskResults ?? [],
        leads: fullChange.leads ?? [],
      }));
      await expect(late).rejects.toMatchObject({ code: "invariant_violated" });
      expect(await store.readJob("a")).toEqual(job);
      expect(await store.readEvents("a", 0, 10)).toHaveLength(1);
      expect(await store.readLeads("a", { afterRank: 0, limit: 10 })).toEqual([]);
      expect((await store.readTaskResults("a", "kind", ["x"])).size).toBe(0);
    });

    it("says that there is no such job to who wants to change it", async () => {
      const { store } = await open();
      await expect(store.updateJob("nobody", () => ({}))).rejects.toMatchObject({ code: "not_found" });
    });

    it("loses no change when many come at once", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const count = 40;
      await Promise.all(
        Array.from({ length: count }, () =>
          store.updateJob("a", (job) => ({ patch: { attempt: job.attempt + 1 } })),
        ),
      );
      expect(await store.readJob("a")).toMatchObject({ attempt: count, lastSeq: 1 });
    });

    it("lists jobs newest first, by status, in pages without a gap or a repeat", async () => {
      const { store, clock } = await open();
      for (const id of ["a", "b", "c", "d", "e"]) {
        const status = id === "b" || id === "e" ? "completed" : "queued";
        await store.createJob(buildNewJob({ id, status }), [queuedDraft]);
        await clock.advance(10);
      }
      const idsOf = async (filter: Parameters<typeof store.listJobs>[0]) =>
        (await store.listJobs(filter)).map((job) => job.id);
      expect(await idsOf({ limit: 1_000 })).toEqual(["e", "d", "c", "b", "a"]);
      expect(await idsOf({ limit: 2 })).toEqual(["e", "d"]);
      expect(await idsOf({ limit: 2, after: "d" })).toEqual(["c", "b"]);
      expect(await idsOf({ limit: 2, after: "a" })).toEqual([]);
      expect(await idsOf({ limit: 9, status: ["queued"] })).toEqual(["d", "c", "a"]);
      expect(await idsOf({ limit: 9, status: ["completed", "failed"], after: "d" })).toEqual(["b"]);
      expect(await idsOf({ limit: 9, status: [] })).toEqual([]);
      expect(await idsOf({ limit: 9, status: ["paused"] })).toEqual([]);
    });

    it("lists the jobs that are kept no longer, beside what else is asked for", async () => {
      const { store } = await open();
      const keptUntil = { a: 1_000, b: 2_000, c: 3_000, d: 1_000 };
      for (const [id, keepUntil] of Object.entries(keptUntil)) {
        const status = id === "d" ? "completed" : "queued";
        await store.createJob(buildNewJob({ id, keepUntil, status }), [queuedDraft]);
      }
      const idsOf = async (filter: Partial<Parameters<typeof store.listJobs>[0]>) =>
        (await store.listJobs({ limit: 9, ...filter })).map((job) => job.id);
      expect(await idsOf({ expiredAt: 1_000 })).toEqual([]);
      expect(await idsOf({ expiredAt: 1_001 })).toEqual(["d", "a"]);
      expect(await idsOf({ expiredAt: 2_500 })).toEqual(["d", "b", "a"]);
      expect(await idsOf({ expiredAt: 2_500, status: ["queued"] })).toEqual(["b", "a"]);
      expect(await idsOf({ expiredAt: 2_500, after: "d", limit: 1 })).toEqual(["b"]);
      await store.updateJob("a", () => ({ patch: { keepUntil: 9_000 } }));
      expect(await idsOf({ expiredAt: 1_001 })).toEqual(["d"]);
    });

    it("lists the jobs of one tenant, beside what else is asked for, in pages that skip the others", async () => {
      const { store } = await open();
      const tenants = { a: "acme", b: "local", c: "acme", d: "other", e: "acme", f: "acme" };
      for (const [id, tenant] of Object.entries(tenants)) {
        const status = id === "c" ? "completed" : "queued";
        const { job } = await store.createJob(buildNewJob({ id, tenant, status, keepUntil: 5 }), []);
        expect(job.tenant).toBe(tenant);
      }
      const idsOf = async (filter: Partial<Parameters<typeof store.listJobs>[0]>) =>
        (await store.listJobs({ limit: 9, ...filter })).map((job) => job.id);
      expect(await idsOf({ tenant: "acme" })).toEqual(["f", "e", "c", "a"]);
      expect(await idsOf({ tenant: "acme", limit: 2 })).toEqual(["f", "e"]);
      expect(await idsOf({ tenant: "acme", limit: 2, after: "e" })).toEqual(["c", "a"]);
      expect(await idsOf({ tenant: "acme", after: "d" })).toEqual(["c", "a"]);
      expect(await idsOf({ tenant: "acme", status: ["queued"] })).toEqual(["f", "e", "a"]);
      expect(await idsOf({ tenant: "acme", status: [] })).toEqual([]);
      expect(await idsOf({ tenant: "acme", expiredAt: 6, after: "f" })).toEqual(["e", "c", "a"]);
      expect(await idsOf({ tenant: "acme", expiredAt: 5 })).toEqual([]);
      expect(await idsOf({ tenant: "Acme" })).toEqual([]);
      expect(await idsOf({ status: ["queued"] })).toEqual(["f", "e", "d", "b", "a"]);
    });

    it("pages through jobs that were created at the same instant", async () => {
      const { store } = await open();
      const ids = ["c", "a", "e", "b", "d"];
      for (const id of ids) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const listed: string[] = [];
      for (let page = await store.listJobs({ limit: 2 }); page.length > 0; ) {
        listed.push(...page.map((job) => job.id));
        page = await store.listJobs({ limit: 2, after: page.at(-1)?.id ?? "" });
      }
      expect([...listed].sort()).toEqual([...ids].sort());
    });
  });
}

const fullChange: JobChange = {
  patch: { status: "paused" },
  events: [{ type: "job.paused", data: {} }],
  taskResults: [{ kind: "kind", itemId: "x", inputDigest: "d", value: "1" }],
  leads: [buildLead()],
};
