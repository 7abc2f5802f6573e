import { describe, expect, it } from "vitest";
import type { JobPatch } from "../job/job.ts";
import type { Lead } from "../lead/lead.ts";
import type { Store } from "../port/store.ts";
import type { SuppressedEntry } from "../port/stored-people.ts";
import { buildNewJob } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** What a store keeps about people outside of jobs: whom to leave alone, and when somebody was first seen. */
export function describePeople(open: () => Promise<StoreUnderTest>): void {
  describe("suppression", () => {
    it("has a key of its own, which stays and cannot be guessed", async () => {
      const { store } = await open();
      const key = await store.suppressionKey();
      expect(key.length).toBeGreaterThanOrEqual(32);
      expect(await store.suppressionKey()).toBe(key);
    });

    it("S31 finds those hashes that are on the list, until they are taken off", async () => {
      const { store } = await open();
      expect(await store.findSuppressed(["a", "b"])).toEqual(new Set());
      await store.addSuppressed(entries("a", "b"));
      await store.addSuppressed(entries("b", "c"));
      expect(await store.findSuppressed(["c", "a", "x", "a"])).toEqual(new Set(["a", "c"]));
      await store.removeSuppressed(["a", "never there"]);
      expect(await store.findSuppressed(["a", "b", "c"])).toEqual(new Set(["b", "c"]));
      expect(await store.findSuppressed([])).toEqual(new Set());
      await store.addSuppressed([]);
      await store.removeSuppressed([]);
    });

    it("looks up thousands of hashes in one question", async () => {
      const { store } = await open();
      const hashes = Array.from({ length: 3_000 }, (_, index) => `hash-${index}`);
      await store.addSuppressed(entries(...hashes.filter((_, index) => index % 2 === 0)));
      expect((await store.findSuppressed(hashes)).size).toBe(1_500);
    });

    it("lists entries by hash in pages, with their kind and the time when each was put in first", async () => {
      const { store, clock } = await open();
      expect(await store.listSuppressed({ limit: 10 })).toEqual([]);
      await store.addSuppressed([
        { kind: "email", hash: "c" },
        { kind: "login", hash: "a" },
      ]);
      const [first] = await store.listSuppressed({ limit: 1 });
      await clock.advance(60_000);
      await store.addSuppressed([
        { kind: "domain", hash: "b" },
        { kind: "id", hash: "a" },
      ]);
      const all = await store.listSuppressed({ limit: 10 });
      expect(all).toMatchObject([
        { kind: "login", hash: "a" },
        { kind: "domain", hash: "b" },
        { kind: "email", hash: "c" },
      ]);
      expect(all[0]).toEqual(first);
      expect((all[1]?.addedAt ?? 0) - (all[0]?.addedAt ?? 0)).toBeGreaterThanOrEqual(60_000);
      expect(await store.listSuppressed({ after: "a", limit: 1 })).toEqual(all.slice(1, 2));
      expect(await store.listSuppressed({ after: "b", limit: 5 })).toEqual(all.slice(2));
      expect(await store.listSuppressed({ after: "c", limit: 5 })).toEqual([]);
    });
  });

  describe("first seen", () => {
    const [early, late] = ["2030-01-01T00:00:00.000Z", "2030-02-01T00:00:00.000Z"] as const;

    it("keeps the first instant under each campaign's name", async () => {
      const { store } = await open();
      expect(await store.readFirstSeen("one", ["U_1"])).toEqual(new Map());
      await store.noteFirstSeen("one", new Map([["U_1", early]]), 1_000);
      await store.noteFirstSeen(
        "one",
        new Map([
          ["U_1", late],
          ["U_2", late],
        ]),
        1_000,
      );
      await store.noteFirstSeen("two", new Map([["U_1", late]]), 1_000);
      expect(new Map(await store.readFirstSeen("one", ["U_1", "U_2", "U_3"]))).toEqual(
        new Map([
          ["U_1", { at: early, exportedAt: null }],
          ["U_2", { at: late, exportedAt: null }],
        ]),
      );
      expect(new Map(await store.readFirstSeen("two", ["U_1", "U_2"]))).toEqual(
        new Map([["U_1", { at: late, exportedAt: null }]]),
      );
      await store.noteFirstSeen("one", new Map(), 1_000);
      expect((await store.readFirstSeen("one", [])).size).toBe(0);
    });

    it("keeps people until the latest time that a note said, and forgets them after it", async () => {
      const { store } = await open();
      const note = (nodeId: string, keepUntil: number) =>
        store.noteFirstSeen("one", new Map([[nodeId, early]]), keepUntil);
      await note("U_1", 2_000);
      await note("U_1", 1_000);
      await note("U_2", 1_000);
      await store.noteFirstSeen("two", new Map([["U_2", early]]), 3_000);
      const known = async () => [
        ...(await store.readFirstSeen("one", ["U_1", "U_2"])).keys(),
        ...(await store.readFirstSeen("two", ["U_1", "U_2"])).keys(),
      ];
      expect(await store.eraseExpired({ firstSeen: 1_000, notes: 0 })).toBe(0);
      expect(await known()).toEqual(["U_1", "U_2", "U_2"]);
      expect(await store.eraseExpired({ firstSeen: 1_001, notes: 0 })).toBe(1);
      expect(await known()).toEqual(["U_1", "U_2"]);
      expect(await store.eraseExpired({ firstSeen: 2_001, notes: 0 })).toBe(1);
      expect(await store.eraseExpired({ firstSeen: null, notes: 0 })).toBe(1);
      expect(await known()).toEqual([]);
    });

    it("forgets those of some campaigns and keeps the others", async () => {
      const { store } = await open();
      for (const [campaign, keepUntil] of [
        ["one", 1_000],
        ["two", 1_000],
        ["three", 9_000],
      ] as const) {
        await store.noteFirstSeen(campaign, new Map([["U_1", early]]), keepUntil);
      }
      const known = async () => {
        const found: string[] = [];
        for (const campaign of ["one", "two", "three"]) {
          if ((await store.readFirstSeen(campaign, ["U_1"])).size > 0) found.push(campaign);
        }
        return found;
      };
      const campaigns = (campaign: string) => campaign.startsWith("t");
      expect(await store.eraseExpired({ firstSeen: 2_000, notes: 0, campaigns })).toBe(1);
      expect(await known()).toEqual(["one", "three"]);
      expect(await store.eraseExpired({ firstSeen: null, notes: 0, campaigns })).toBe(1);
      expect(await known()).toEqual(["one"]);
    });
  });

  describe("exports", () => {
    const end = (store: Store, jobId: string, campaign: string, patch: JobPatch = {}) =>
      store.updateJob(jobId, (_job, now) => ({
        patch: { status: "completed", finishedAt: now, ...patch },
        exportedAs: campaign,
      }));
    const put = async (store: Store, jobId: string, leads: readonly Lead[], startedAt = 1_000) => {
      await store.createJob(buildNewJob({ id: jobId, startedAt, keepUntil: 5_000 }), []);
      await store.updateJob(jobId, () => ({ leads }));
    };
    const lead = (nodeId: string, contactable = true) => buildLead({ nodeId, contactable });

    it("notes the leads who may be contacted, at the end of the run that exported them first", async () => {
      const { store, clock } = await open();
      await put(store, "one", [lead("U_1"), lead("U_2", false), lead("U_3")], 1_000);
      await put(store, "two", [lead("U_1"), lead("U_2")], 2_000);
      await store.noteFirstSeen("c", new Map([["U_3", "2029-01-01T00:00:00.000Z"]]), 9_000);
      const first = (await end(store, "one", "c")).job.finishedAt;
      await clock.advance(1_000);
      const second = (await end(store, "two", "c", { keepUntil: 7_000 })).job.finishedAt;
      expect(second).toBeGreaterThan(first ?? 0);
      expect(new Map(await store.readFirstSeen("c", ["U_1", "U_2", "U_3", "U_4"]))).toEqual(
        new Map([
          ["U_1", { at: "1970-01-01T00:00:01.000Z", exportedAt: first }],
          ["U_2", { at: "1970-01-01T00:00:02.000Z", exportedAt: second }],
          ["U_3", { at: "1970-01-01T00:00:01.000Z", exportedAt: first }],
        ]),
      );
      expect((await store.readFirstSeen("another", ["U_1"])).size).toBe(0);
      // Kept as long as the last run that had them, or the note before.
      expect(await store.eraseExpired({ firstSeen: 7_000, notes: 0 })).toBe(0);
      expect(await store.eraseExpired({ firstSeen: 7_001, notes: 0 })).toBe(2);
      await store.noteFirstSeen("c", new Map([["U_3", "2028-01-01T00:00:00.000Z"]]), 9_500);
      expect(new Map(await store.readFirstSeen("c", ["U_3"]))).toEqual(
        new Map([["U_3", { at: "1970-01-01T00:00:01.000Z", exportedAt: first }]]),
      );
    });

    it("gives the run that ended last, whichever was made last", async () => {
      const { store, clock } = await open();
      for (const id of ["a", "b", "other", "open"]) await put(store, id, []);
      expect(await store.readLastExport("c", Number.MAX_SAFE_INTEGER)).toBe(null);
      const ofB = (await end(store, "b", "c")).job.finishedAt ?? 0;
      await clock.advance(1_000);
      const ofA = (await end(store, "a", "c")).job;
      await clock.advance(1_000);
      await end(store, "other", "c2");
      await store.updateJob("open", (_job, now) => ({ patch: { status: "failed", finishedAt: now } }));
      expect(await store.readLastExport("c", Number.MAX_SAFE_INTEGER)).toEqual(ofA);
      expect((await store.readLastExport("c", ofA.finishedAt ?? 0))?.id).toBe("a");
      expect((await store.readLastExport("c", (ofA.finishedAt ?? 0) - 1))?.id).toBe("b");
      expect(await store.readLastExport("c", ofB - 1)).toBe(null);
      await store.eraseJobs(["a"], "job");
      expect((await store.readLastExport("c", Number.MAX_SAFE_INTEGER))?.id).toBe("b");
    });

    it("gives the newer of two runs that ended at once", async () => {
      const { store } = await open();
      for (const id of ["b", "a"]) await put(store, id, []);
      for (const id of ["a", "b"]) await end(store, id, "c", { finishedAt: 9_000 });
      expect((await store.readLastExport("c", 9_000))?.id).toBe("a");
    });

    it("notes nobody of a job that ends as no run of a campaign", async () => {
      const { store } = await open();
      await put(store, "a", [lead("U_1")]);
      await store.updateJob("a", (_job, now) => ({ patch: { status: "cancelled", finishedAt: now } }));
      expect((await store.readFirstSeen("c", ["U_1"])).size).toBe(0);
    });
  });
}

function entries(...hashes: string[]): SuppressedEntry[] {
  return hashes.map((hash) => ({ kind: "login", hash }));
}
