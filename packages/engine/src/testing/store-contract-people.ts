import { describe, expect, it } from "vitest";
import type { SuppressedEntry } from "../port/store.ts";
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
          ["U_1", early],
          ["U_2", late],
        ]),
      );
      expect(new Map(await store.readFirstSeen("two", ["U_1", "U_2"]))).toEqual(new Map([["U_1", late]]));
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
}

function entries(...hashes: string[]): SuppressedEntry[] {
  return hashes.map((hash) => ({ kind: "login", hash }));
}
