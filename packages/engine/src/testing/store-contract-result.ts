import { describe, expect, it } from "vitest";
import type { TaskResult } from "../port/store.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** What a store keeps about task results and leads. */
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
      expect(new Map(found)).toEqual(
        new Map([
          ["1", result("people", "1", "first")],
          ["2", result("people", "2", "two")],
        ]),
      );
      expect(new Map(await store.readTaskResults("a", "activity", ["1", "2"]))).toEqual(
        new Map([["1", result("activity", "1", "of another kind")]]),
      );
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

  describe("leads", () => {
    it("replaces all leads of a job and of no other, and gives them by rank in pages", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const leads = [1, 2, 3, 4, 5].map((rank) => buildLead({ rank, contactable: rank % 2 === 1 }));
      await store.updateJob("a", () => ({ leads: [buildLead({ rank: 9, login: "old" })] }));
      await store.updateJob("b", () => ({ leads: leads.slice(0, 1) }));
      await store.updateJob("a", () => ({ leads }));
      const page = async (filter: Parameters<typeof store.readLeads>[1]) =>
        (await store.readLeads("a", filter)).map((lead) => lead.rank);
      expect(await store.readLeads("a", { afterRank: 0, limit: 10_000 })).toEqual(leads);
      expect(await page({ afterRank: 0, limit: 2 })).toEqual([1, 2]);
      expect(await page({ afterRank: 2, limit: 2 })).toEqual([3, 4]);
      expect(await page({ afterRank: 4, limit: 2 })).toEqual([5]);
      expect(await page({ afterRank: 5, limit: 2 })).toEqual([]);
      expect(await page({ afterRank: 0, limit: 9, contactable: true })).toEqual([1, 3, 5]);
      expect(await page({ afterRank: 1, limit: 1, contactable: true })).toEqual([3]);
      expect(await page({ afterRank: 0, limit: 9, contactable: false })).toEqual([2, 4]);
      expect(await store.readLeads("b", { afterRank: 0, limit: 9 })).toEqual(leads.slice(0, 1));
    });

    it("keeps the leads when a change says nothing of them, and drops them all for an empty list", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ leads: [buildLead()] }));
      await store.updateJob("a", () => ({ patch: { attempt: 1 } }));
      expect(await store.readLeads("a", { afterRank: 0, limit: 9 })).toEqual([buildLead()]);
      await store.updateJob("a", () => ({ leads: [] }));
      expect(await store.readLeads("a", { afterRank: 0, limit: 9 })).toEqual([]);
    });

    it("gives leads by rank in whatever order they were written", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ leads: [3, 1, 2].map((rank) => buildLead({ rank })) }));
      const leads = await store.readLeads("a", { afterRank: 0, limit: 9 });
      expect(leads.map((lead) => lead.rank)).toEqual([1, 2, 3]);
    });
  });
}

function result(kind: string, itemId: string, value: unknown): TaskResult {
  return { kind, itemId, inputDigest: `digest of ${itemId}`, value: JSON.stringify(value) };
}
