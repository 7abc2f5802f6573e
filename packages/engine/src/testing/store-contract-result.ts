import { describe, expect, it } from "vitest";
import type { TaskResult } from "../port/job-change.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** What a store keeps about task results. */
export function describeResults(open: () => Promise<StoreUnderTest>): void {
  describe("task results", () => {
    it("keeps the first result of each kind and item, and gives what was asked for", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({
        taskResults: [
          result("people", "1", "first"),
          result("people", "2", "two"),
          result("people", "1", "again"),
        ],
      }));
      await store.updateJob("a", () => ({
        taskResults: [
          { ...result("people", "1", "late"), inputDigest: "another" },
          result("activity", "1", "of another kind"),
        ],
      }));
      const found = await store.readTaskResults("a", "people", ["2", "1", "3"]);
      expect(found.size).toBe(2);
      expect(found.get("1")).toMatchObject(result("people", "1", "first"));
      expect(found.get("2")).toMatchObject(result("people", "2", "two"));
      const others = await store.readTaskResults("a", "activity", ["1", "2"]);
      expect([...others.values()]).toMatchObject([result("activity", "1", "of another kind")]);
      expect((await store.readTaskResults("a", "people", [])).size).toBe(0);
    });

    it("keeps the results of each job apart", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      await store.updateJob("a", () => ({ taskResults: [result("people", "1", "a")] }));
      expect((await store.readTaskResults("b", "people", ["1"])).size).toBe(0);
    });

    it("S18 shows a job the results of its parents, its own first and the nearest next", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "old" }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "mid", parentJobId: "old" }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "new", parentJobId: "mid" }), [queuedDraft]);
      const write = (jobId: string, ...items: string[]) =>
        store.updateJob(jobId, () => ({ taskResults: items.map((item) => result("people", item, jobId)) }));
      await write("old", "1", "2", "3");
      await write("mid", "2", "3");
      await write("new", "3");
      const owners = async (jobId: string) => {
        const found = await store.readTaskResults(jobId, "people", ["1", "2", "3", "4"]);
        return ["1", "2", "3", "4"].map((item) => found.get(item)?.value ?? null);
      };
      expect(await owners("new")).toEqual(['"old"', '"mid"', '"new"', null]);
      expect(await owners("mid")).toEqual(['"old"', '"mid"', '"mid"', null]);
      expect(await owners("old")).toEqual(['"old"', '"old"', '"old"', null]);
      const found = await store.readTaskResults("new", "people", ["1", "2", "3"]);
      expect(["1", "2", "3"].map((item) => found.get(item)?.inherited ?? false)).toEqual([true, true, false]);
    });

    it("finds thousands of items in one question", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const ids = Array.from({ length: 3_000 }, (_, index) => `item-${index}`);
      await store.updateJob("a", () => ({ taskResults: ids.map((id) => result("people", id, id)) }));
      const found = await store.readTaskResults("a", "people", [...ids, "item-3000"]);
      expect(found.size).toBe(ids.length);
      expect(found.get("item-2999")?.value).toBe('"item-2999"');
    });

    it("gives a job's own results page by page, by kind and item", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "b", parentJobId: "a" }), [queuedDraft]);
      const ids = ["10", "2", "é", "~x", "👩‍💻", "Z", "a"];
      const kinds = ["people", "people/2", "activity"];
      const all = kinds.flatMap((kind) => ids.map((id) => result(kind, id, `${kind} ${id}`)));
      await store.updateJob("a", () => ({ taskResults: all }));
      await store.updateJob("b", () => ({ taskResults: [result("people", "of the child", 1)] }));

      for (const limit of [1, 4, 1_000]) {
        const found: TaskResult[] = [];
        for (;;) {
          const page = await store.scanTaskResults("a", found.at(-1) ?? null, limit);
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
          if (page.length < limit) break;
        }
        const inOrder = ["10", "2", "Z", "a", "~x", "é", "👩‍💻"];
        expect(found.map(({ kind, itemId }) => [kind, itemId])).toEqual(
          ["activity", "people", "people/2"].flatMap((kind) => inOrder.map((id) => [kind, id])),
        );
        expect(found[0]).toMatchObject(result("activity", "10", "activity 10"));
        expect(found.every(({ fetchedAt }) => typeof fetchedAt === "number")).toBe(true);
      }
      expect((await store.scanTaskResults("b", null, 10)).map(({ itemId }) => itemId)).toEqual([
        "of the child",
      ]);
      await expect(store.scanTaskResults("nobody", null, 10)).rejects.toMatchObject({ code: "not_found" });
    });

    it("tells ids apart that only look the same", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const ids = [
        "a",
        "A",
        "a ",
        "é",
        "e\u0301",
        "1",
        "01",
        "a/b",
        "a:b",
        '["a","b"]',
        "👩‍💻",
        "%",
        "_",
        "'",
      ];
      await store.updateJob("a", () => ({ taskResults: ids.map((id) => result("people", id, `of ${id}`)) }));
      const found = await store.readTaskResults("a", "people", ids);
      expect(ids.map((id) => found.get(id)?.value)).toEqual(ids.map((id) => JSON.stringify(`of ${id}`)));
    });
  });
}

function result(kind: string, itemId: string, value: unknown): TaskResult {
  return { kind, itemId, inputDigest: `digest of ${itemId}`, value: JSON.stringify(value) };
}
