import { describe, expect, it } from "vitest";
import type { TaskResult } from "../port/job-change.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** What a store keeps for more than one job: results that others may take, notes, and texts that all share. */
export function describeSharing(open: () => Promise<StoreUnderTest>): void {
  describe("results for other jobs", () => {
    it("S29 finds the newest result under a cache key, of any job, and none from before", async () => {
      const { store, clock } = await open();
      const times: number[] = [];
      for (const id of ["a", "b", "c"]) {
        const { job } = await store.createJob(buildNewJob({ id }), [queuedDraft]);
        times.push(job.createdAt);
        await store.updateJob(id, () => ({ taskResults: [result("1", id, { cacheKey: "key-1" })] }));
        await clock.advance(60_000);
      }
      const [, second = 0, third = 0] = times;
      const valueSince = async (since: number) =>
        (await store.readCached(["key-1"], since)).get("key-1")?.value;
      expect(await valueSince(0)).toBe('"c"');
      expect(await valueSince(second)).toBe('"c"');
      expect(await valueSince(third + 30_000)).toBeUndefined();
    });

    it("S29 takes a result for as old as its answer, whenever it was copied", async () => {
      const { store } = await open();
      const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "b" }), [queuedDraft]);
      const now = job.createdAt;
      await store.updateJob("a", () => ({
        taskResults: [result("1", "fresh", { cacheKey: "k", fetchedAt: now - 1_000 })],
      }));
      await store.updateJob("b", () => ({
        taskResults: [result("1", "copied later", { cacheKey: "k", fetchedAt: now - 5_000 })],
      }));
      const since = (time: number) => store.readCached(["k"], time);
      expect((await since(now - 9_000)).get("k")).toMatchObject({
        ...result("1", "fresh", { cacheKey: "k", fetchedAt: now - 1_000 }),
      });
      expect((await since(now - 1_000)).get("k")?.value).toBe('"fresh"');
      expect((await since(now - 999)).size).toBe(0);
      expect((await store.readTaskResults("b", "people", ["1"])).get("1")).toMatchObject({
        fetchedAt: now - 5_000,
        cacheKey: "k",
      });
    });

    it("finds nothing for results that are of one job alone", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({
        taskResults: [
          result("1", "1"),
          result("2", "2", { cacheKey: null }),
          result("3", "3", { cacheKey: "k" }),
        ],
      }));
      const found = await store.readCached(["k", "other", "", "null"], 0);
      expect([...found.keys()]).toEqual(["k"]);
      expect((await store.readCached([], 0)).size).toBe(0);
    });

    it("gives every result the time when it was stored, where it does not say another", async () => {
      const { store, clock } = await open();
      const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await clock.advance(5_000);
      await store.updateJob("a", () => ({ taskResults: [result("1", "1")] }));
      const stored = (await store.readTaskResults("a", "people", ["1"])).get("1");
      expect(stored?.fetchedAt).toBeGreaterThanOrEqual(job.createdAt + 5_000);
    });

    it("looks up thousands of keys in one question", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const ids = Array.from({ length: 3_000 }, (_, index) => `${index}`);
      await store.updateJob("a", () => ({
        taskResults: ids.map((id) => result(id, id, { cacheKey: `k${id}` })),
      }));
      const found = await store.readCached([...ids.map((id) => `k${id}`), "none"], 0);
      expect(found.size).toBe(3_000);
      expect(found.get("k2999")?.value).toBe('"2999"');
    });
  });

  describe("notes", () => {
    it("are found under their keys, and take the place of older ones", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const text = 'W/"\u00e9"\n';
      await store.updateJob("a", () => ({ notes: [note("1", "old"), note("2", text), note("1", "newer")] }));
      expect([...(await store.readNotes(["2", "1", "3"]))].sort()).toEqual([
        ["1", "newer"],
        ["2", text],
      ]);
      await store.updateJob("b", () => ({ notes: [note("1", "newest")] }));
      expect([...(await store.readNotes(["1"]))]).toEqual([["1", "newest"]]);
      expect((await store.readNotes([])).size).toBe(0);
    });

    it("are kept for a time, counted from when they were last written", async () => {
      const { store, clock } = await open();
      const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ notes: [note("1", "1"), note("2", "2")] }));
      await clock.advance(60_000);
      await store.updateJob("a", () => ({ notes: [note("2", "2")] }));
      expect(await store.eraseExpired({ firstSeen: 0, notes: job.createdAt })).toBe(0);
      expect(await store.eraseExpired({ firstSeen: 0, notes: job.createdAt + 30_000 })).toBe(1);
      expect([...(await store.readNotes(["1", "2"])).keys()]).toEqual(["2"]);
      expect(await store.eraseExpired({ firstSeen: 0, notes: null })).toBe(1);
      expect((await store.readNotes(["1", "2"])).size).toBe(0);
    });
  });

  describe("shared texts", () => {
    it("are put in, changed and taken out by whoever comes", async () => {
      const { store } = await open();
      const seen: (string | null)[] = [];
      const set = (name: string, next: string | null) =>
        store.updateShared(name, (text) => {
          seen.push(text);
          return next;
        });
      expect(await set("quota", "1")).toBe("1");
      expect(await set("quota", "2")).toBe("2");
      expect(await set("other", "9")).toBe("9");
      expect(await store.readShared("quota")).toBe("2");
      expect(await store.readShared("none")).toBeNull();
      expect(await set("quota", null)).toBeNull();
      expect(await set("quota", null)).toBeNull();
      expect(await set("other", null)).toBeNull();
      expect(seen).toEqual([null, "1", null, "2", null, "9"]);
    });

    it("tell the store's time, and stay as they are when decide throws", async () => {
      const { store } = await open();
      const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateShared("x", (_text, now) => `${now}`);
      const refused = store.updateShared("x", () => {
        throw new Error("no");
      });
      await expect(refused).rejects.toThrow("no");
      expect(Number(await store.readShared("x"))).toBeGreaterThanOrEqual(job.createdAt);
    });

    it("lose nothing when many change one at once", async () => {
      const { store } = await open();
      await Promise.all(
        Array.from({ length: 30 }, () => store.updateShared("n", (text) => `${Number(text ?? 0) + 1}`)),
      );
      expect(await store.readShared("n")).toBe("30");
    });
  });
}

function result(itemId: string, value: string, rest: Partial<TaskResult> = {}): TaskResult {
  return { kind: "people", itemId, inputDigest: "d", value: JSON.stringify(value), ...rest };
}

function note(key: string, value: string) {
  return { key, value };
}
