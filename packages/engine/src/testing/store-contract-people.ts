import { describe, expect, it } from "vitest";
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
      await store.addSuppressed(["a", "b"]);
      await store.addSuppressed(["b", "c"]);
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
      await store.addSuppressed(hashes.filter((_, index) => index % 2 === 0));
      expect((await store.findSuppressed(hashes)).size).toBe(1_500);
    });
  });

  describe("first seen", () => {
    it("keeps the first instant under each campaign's name", async () => {
      const { store } = await open();
      const [early, late] = ["2030-01-01T00:00:00.000Z", "2030-02-01T00:00:00.000Z"] as const;
      expect(await store.readFirstSeen("one", ["U_1"])).toEqual(new Map());
      await store.noteFirstSeen("one", new Map([["U_1", early]]));
      await store.noteFirstSeen(
        "one",
        new Map([
          ["U_1", late],
          ["U_2", late],
        ]),
      );
      await store.noteFirstSeen("two", new Map([["U_1", late]]));
      expect(new Map(await store.readFirstSeen("one", ["U_1", "U_2", "U_3"]))).toEqual(
        new Map([
          ["U_1", early],
          ["U_2", late],
        ]),
      );
      expect(new Map(await store.readFirstSeen("two", ["U_1", "U_2"]))).toEqual(new Map([["U_1", late]]));
      await store.noteFirstSeen("one", new Map());
      expect((await store.readFirstSeen("one", [])).size).toBe(0);
    });
  });
}
