import { describe, expect, it } from "vitest";
import { appendEvents } from "../job/job-changes.ts";
import type { AgentRecordChange, JobChange } from "../port/job-change.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import type { StoreUnderTest } from "./store-contract.ts";
import { testDigest } from "./test-digest.ts";

/** What a store keeps of what an agent has in mind: the last checkpoint, and records. */
export function describeMemory(open: () => Promise<StoreUnderTest>): void {
  describe("checkpoints and records", () => {
    it("keeps the last checkpoint as the very text that was stored", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      expect(await store.readCheckpoint("a")).toBeNull();
      await store.updateJob("a", () => ({ checkpoint: '{ "page" : 1.0 }' }));
      expect(await store.readCheckpoint("a")).toBe('{ "page" : 1.0 }');
      await store.updateJob("a", () => ({ patch: { attempt: 1 } }));
      expect(await store.readCheckpoint("a")).toBe('{ "page" : 1.0 }');
      await store.updateJob("a", () => ({ checkpoint: "null" }));
      expect(await store.readCheckpoint("a")).toBe("null");
    });

    it("puts records in, replaces them and takes them out, in the order of the change", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const write = (jobId: string, ...records: AgentRecordChange[]) =>
        store.updateJob(jobId, () => ({ records }));
      await write("a", put("people", "1", "1"), put("people", "2", "2"), put("other", "1", "9"));
      await write("b", put("people", "1", "8"));
      await write("a", put("people", "1", "3"), put("people", "2", null), put("people", "4", null));
      await write("a", put("people", "5", "5"), put("people", "5", null), put("people", "6", null));
      await write("a", put("people", "6", "6"));
      const read = async (jobId: string, collection: string) =>
        new Map(await store.readRecords(jobId, collection, ["1", "2", "3", "4", "5", "6"]));
      expect(await read("a", "people")).toEqual(
        new Map([
          ["1", "3"],
          ["6", "6"],
        ]),
      );
      expect(await read("a", "other")).toEqual(new Map([["1", "9"]]));
      expect(await read("b", "people")).toEqual(new Map([["1", "8"]]));
      expect((await read("a", "none")).size).toBe(0);
      expect((await store.readRecords("a", "people", [])).size).toBe(0);
    });

    it("scans a collection in pages by the code points of its keys", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const sorted = ["", "1", "10", "2", "A", "_", "a", "aa", "\u00e9", "\uffe5", "\u{10000}", "\u{1f469}"];
      const records = [...sorted].reverse().map((key) => put("people", key, JSON.stringify(key)));
      await store.updateJob("a", () => ({ records: [...records, put("other", "b", "1")] }));
      const scan = async (after: string | null, limit: number) =>
        (await store.scanRecords("a", "people", after, limit)).map(({ key }) => key);
      expect(await store.scanRecords("a", "people", null, 10_000)).toEqual(
        sorted.map((key) => ({ key, value: JSON.stringify(key) })),
      );
      expect(await scan(null, 3)).toEqual(sorted.slice(0, 3));
      expect(await scan("10", 2)).toEqual(["2", "A"]);
      expect(await scan("B", 2)).toEqual(["_", "a"]);
      expect(await scan("\uffe5", 9)).toEqual(["\u{10000}", "\u{1f469}"]);
      expect(await scan("\u{1f469}", 9)).toEqual([]);
      expect(await store.scanRecords("a", "none", null, 9)).toEqual([]);
    });

    it("writes them with the events of the same change, or none of it", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ checkpoint: "1", records: [put("people", "1", "1")] }));
      const attempted: JobChange = {
        checkpoint: "2",
        records: [put("people", "1", "2"), put("people", "2", "2")],
        events: [{ type: "log", data: { level: "info", code: "test", message: "two" } }],
        notes: [{ key: "note", value: "2" }],
        leads: [],
        clearLeads: true,
      };
      const refused = store.updateJob("a", () => {
        if (attempted.checkpoint === "2") throw new Error("no");
        return attempted;
      });
      await expect(refused).rejects.toThrow("no");
      expect(await store.readCheckpoint("a")).toBe("1");
      expect([...(await store.readRecords("a", "people", ["1", "2"]))]).toEqual([["1", "1"]]);
      expect((await store.readNotes(["note"])).size).toBe(0);
      await store.updateJob("a", () => attempted);
      expect(await store.readCheckpoint("a")).toBe("2");
      expect((await store.readRecords("a", "people", ["1", "2"])).size).toBe(2);
      expect(await store.readJob("a")).toMatchObject({ lastSeq: 2 });
    });

    it("drops all of them when a change says so, and when the job ends, as the engine asks it to", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const memory: JobChange = {
        checkpoint: "1",
        records: [put("people", "1", "1"), put("other", "2", "2")],
      };
      for (const id of ["a", "b"]) await store.updateJob(id, () => memory);
      await store.updateJob("a", () => ({ checkpoint: null }));
      await store.updateJob("b", (job, now) =>
        appendEvents(job, now, testDigest, [{ type: "job.cancelled", data: { partial: false } }], {
          status: "cancelled",
        }),
      );
      for (const id of ["a", "b"]) {
        expect(await store.readCheckpoint(id)).toBeNull();
        expect(await store.scanRecords(id, "people", null, 9)).toEqual([]);
        expect(await store.scanRecords(id, "other", null, 9)).toEqual([]);
      }
      await store.updateJob("a", () => memory);
      expect(await store.readCheckpoint("a")).toBe("1");
    });

    it("reads thousands of records in one question", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const keys = Array.from({ length: 3_000 }, (_, index) => `key-${index}`);
      await store.updateJob("a", () => ({ records: keys.map((key) => put("people", key, "1")) }));
      expect((await store.readRecords("a", "people", keys)).size).toBe(3_000);
      expect(await store.scanRecords("a", "people", null, 10_000)).toHaveLength(3_000);
    });
  });
}

function put(collection: string, key: string, value: string | null): AgentRecordChange {
  return { collection, key, value };
}
