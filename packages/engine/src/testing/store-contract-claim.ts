import { describe, expect, it } from "vitest";
import type { Lease } from "../job/job.ts";
import { assertLease, claimChange } from "../job/job-changes.ts";
import type { NewJob } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import type { StoreUnderTest } from "./store-contract.ts";
import { testDigest } from "./test-digest.ts";

/** What a store keeps about who may work on what. */
export function describeClaims(open: () => Promise<StoreUnderTest>): void {
  describe("claims", () => {
    it("gives nothing when there is nothing to do", async () => {
      const { store } = await open();
      expect(await claim(store)).toBeNull();
      for (const status of ["paused", "completed", "failed", "cancelled"] as const) {
        await store.createJob(buildNewJob({ id: status, status }), [queuedDraft]);
      }
      expect(await claim(store)).toBeNull();
      expect(await claim(store, { jobId: "paused" })).toBeNull();
      expect(await claim(store, { jobId: "nobody" })).toBeNull();
    });

    it("S18 gives the greatest priority first, and the oldest of the same", async () => {
      const { store, clock } = await open();
      for (const [id, priority] of [
        ["z", 1],
        ["y", 20],
        ["x", 1],
        ["w", 20],
        ["v", -5],
      ] as const) {
        await store.createJob(buildNewJob({ id, priority }), [queuedDraft]);
        await clock.advance(10);
      }
      expect(await claimAll(store)).toEqual(["y", "w", "z", "x", "v"]);
    });

    it("S18 gives no job before its time", async () => {
      const { store, clock } = await open();
      const { job } = await store.createJob(buildNewJob({ id: "now" }), [queuedDraft]);
      const later = buildNewJob({ id: "later", priority: 9, notBefore: job.createdAt + 60_000 });
      await store.createJob(later, [queuedDraft]);
      expect(await claimAll(store)).toEqual(["now"]);
      await clock.advance(50_000);
      await release(store, "now");
      expect(await claimAll(store)).toEqual(["now"]);
      await clock.advance(11_000);
      expect(await claim(store, { jobId: "later" })).toMatchObject({ job: { id: "later" } });
    });

    it("gives only the job that was asked for", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      expect(await claim(store, { jobId: "b" })).toMatchObject({ job: { id: "b", status: "running" } });
      expect(await claim(store, { jobId: "b" })).toBeNull();
      expect(await claimAll(store)).toEqual(["a"]);
    });

    it("never gives one job to two who ask at once", async () => {
      const { store } = await open();
      const ids = Array.from({ length: 12 }, (_, index) => `job-${index}`);
      for (const id of ids) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => claim(store, {}, `worker-${index}`)),
      );
      const claimed = claims.flatMap((write) => (write === null ? [] : [write.job.id]));
      expect(claimed).toHaveLength(ids.length);
      expect(new Set(claimed)).toEqual(new Set(ids));
    });

    it("gives a job whose lease ran out to the next, and one with a live lease to nobody", async () => {
      const { store, clock } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      expect(await claim(store, {}, "one")).toMatchObject({ job: { epoch: 1, leaseOwner: "one" } });
      await clock.advance(leaseMs / 2);
      expect(await claim(store, {}, "two")).toBeNull();
      await clock.advance(leaseMs);
      expect(await claim(store, {}, "two")).toMatchObject({ job: { epoch: 2, leaseOwner: "two" } });
      expect(await claim(store, {}, "three")).toBeNull();
    });

    it("gives a running job without a lease, and puts jobs whose lease ran out in their order", async () => {
      const { store, clock } = await open();
      const orphan: Partial<NewJob> = { status: "running", leaseOwner: "gone", leaseUntil: null };
      await store.createJob(buildNewJob({ id: "low", ...orphan }), [queuedDraft]);
      await clock.advance(10);
      await store.createJob(buildNewJob({ id: "high", priority: 2 }), [queuedDraft]);
      expect(await claimAll(store)).toEqual(["high", "low"]);
    });

    it("gives no more jobs of a tenant or a source than may be worked on at once, however many ask", async () => {
      const { store, clock } = await open();
      const github = {
        ...buildNewJob().spec,
        source: { type: "github", concurrency: 2, mail: "none" } as const,
      };
      for (const [id, more] of [
        ["a1", { tenant: "a" }],
        ["a2", { tenant: "a" }],
        ["a3", { tenant: "a", priority: 5 }],
        ["b1", { tenant: "b", spec: github }],
        ["c1", { tenant: "c", spec: github }],
        ["d1", { tenant: "d", spec: github, priority: -1 }],
      ] as const) {
        await store.createJob(buildNewJob({ id, ...more }), [queuedDraft]);
      }
      const limits = { perTenant: 2, perSource: { github: 1 } };
      const ask = async (asking: number) => {
        const claims = await Promise.all(Array.from({ length: asking }, () => claim(store, { limits })));
        return claims.flatMap((write) => (write === null ? [] : [write.job.id])).sort();
      };
      expect(await ask(8)).toEqual(["a1", "a3", "b1"]);
      expect(await ask(2)).toEqual([]);
      // A place that is free again is taken by the next of the same kind.
      await store.updateJob("a1", () => ({
        patch: { status: "completed", leaseOwner: null, leaseUntil: null },
      }));
      await store.updateJob("b1", () => ({
        patch: { status: "completed", leaseOwner: null, leaseUntil: null },
      }));
      expect(await ask(4)).toEqual(["a2", "c1"]);
      // One whose worker is gone keeps nobody from working, and comes first when it was first.
      await clock.advance(leaseMs + 1_000);
      expect(await ask(1)).toEqual(["a3"]);
      expect((await ask(8)).length).toBe(2);
      // Who names a job means it, and who has no limits takes what there is.
      expect(await claim(store, { jobId: "d1" })).toMatchObject({ job: { id: "d1" } });
    });

    it("S15 refuses what a worker writes after it lost the job", async () => {
      const { store, clock } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await claim(store, {}, "frozen");
      const frozen: Lease = { jobId: "a", epoch: 1, workerId: "frozen" };
      const write = (lease: Lease) =>
        store.updateJob("a", (job, now) => {
          assertLease(job, now, lease);
          return { patch: { attempt: 7 } };
        });
      await expect(write(frozen)).resolves.toBeDefined();
      await clock.advance(leaseMs + 1_000);
      await expect(write(frozen)).rejects.toMatchObject({ code: "lease_lost" });
      await claim(store, {}, "next");
      await expect(write(frozen)).rejects.toMatchObject({ code: "lease_lost" });
      await expect(write({ ...frozen, epoch: 2 })).rejects.toMatchObject({ code: "lease_lost" });
      await expect(write({ jobId: "a", epoch: 2, workerId: "next" })).resolves.toBeDefined();
    });

    it("tells how many jobs there are and wait, and for how long the first of them has", async () => {
      const { store, clock } = await open();
      const none = { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 };
      expect(await store.readQueue()).toEqual({ jobs: none, claimable: 0, oldestClaimableAt: null });
      await store.createJob(buildNewJob({ id: "ended", status: "completed" }), []);
      const { job } = await store.createJob(buildNewJob({ id: "paused", status: "paused" }), []);
      const start = job.createdAt;
      await store.createJob(buildNewJob({ id: "later", notBefore: start + 60_000 }), []);
      expect(await store.readQueue()).toEqual({
        jobs: { ...none, queued: 1, paused: 1, completed: 1 },
        claimable: 0,
        oldestClaimableAt: null,
      });
      // Who comes back into the queue has not waited since it was made; what is written to it there changes nothing.
      await clock.advance(10_000);
      await store.updateJob("paused", () => ({ patch: { status: "queued" } }));
      const queue = await store.readQueue();
      expect(queue).toMatchObject({ jobs: { ...none, queued: 2, completed: 1 }, claimable: 1 });
      expect((queue.oldestClaimableAt ?? 0) - start).toBeGreaterThanOrEqual(10_000);
      await clock.advance(10_000);
      await store.updateJob("paused", () => ({ patch: { priority: 3 } }));
      expect(await store.readQueue()).toEqual(queue);

      const leaseUntil = (await claim(store))?.job.leaseUntil;
      expect(await store.readQueue()).toEqual({
        jobs: { ...none, queued: 1, running: 1, completed: 1 },
        claimable: 0,
        oldestClaimableAt: null,
      });
      await clock.advance(leaseMs);
      expect(await store.readQueue()).toMatchObject({ claimable: 1, oldestClaimableAt: leaseUntil });
      await clock.advance(60_000);
      expect(await store.readQueue()).toMatchObject({ claimable: 2, oldestClaimableAt: leaseUntil });
      await claim(store, { jobId: "paused" });
      expect(await store.readQueue()).toMatchObject({ claimable: 1, oldestClaimableAt: start + 60_000 });
    });
  });
}

const leaseMs = 30_000;

function claim(store: Store, request: Parameters<Store["claimNext"]>[0] = {}, workerId = "worker") {
  return store.claimNext(request, (job, now) => claimChange(job, now, testDigest, { workerId, leaseMs }));
}

async function claimAll(store: Store): Promise<string[]> {
  const ids: string[] = [];
  for (let write = await claim(store); write !== null; write = await claim(store)) ids.push(write.job.id);
  return ids;
}

function release(store: Store, jobId: string) {
  return store.updateJob(jobId, () => ({ patch: { status: "queued", leaseOwner: null, leaseUntil: null } }));
}
