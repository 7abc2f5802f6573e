import { describe, expect, it } from "vitest";
import { claimChange, releaseChange } from "../job/job-changes.ts";
import type { Store } from "../port/store.ts";
import type { RowEdit, StoredRow } from "../port/stored-people.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import type { StoreUnderTest } from "./store-contract.ts";
import { testDigest } from "./test-digest.ts";

/** How a store finds what it holds about somebody, and forgets people and jobs. */
export function describeErasing(open: () => Promise<StoreUnderTest>): void {
  describe("files", () => {
    it("are noted by path, listed by job or all, and forgotten", async () => {
      const { store } = await open();
      const file = (jobId: string, path: string, format = "summary") => ({ jobId, path, format });
      await store.noteFiles([file("b", "/out/2"), file("a", "/out/3"), file("a", "/out/1")]);
      await store.noteFiles([file("a", "/out/2", "leads_csv")]);
      expect(await store.readFiles("a")).toEqual([
        file("a", "/out/1"),
        file("a", "/out/2", "leads_csv"),
        file("a", "/out/3"),
      ]);
      expect(await store.readFiles("b")).toEqual([]);
      await store.forgetFiles(["/out/1", "/never"]);
      expect((await store.readFiles(null)).map((one) => one.path)).toEqual(["/out/2", "/out/3"]);
      await store.noteFiles([]);
      await store.forgetFiles([]);
    });
  });

  describe("rows about people", () => {
    it("S35 are found wherever a text stands, in upper or lower case", async () => {
      const { store } = await open();
      await fill(store);
      const found = await rows(store, ["ADA-l", "u_ada"]);
      expect(found.map(({ jobId, tenant }) => [jobId, tenant])).toEqual(
        found.map(({ jobId }) => (jobId === null ? [null, null] : ["a", "acme"])),
      );
      expect(found.map(({ table, jobId, kind, key }) => [table, jobId, kind, key])).toEqual([
        ["event", "a", "log", "2"],
        ["first_seen", null, "campaign", "U_ada"],
        ["lead", "a", "", "U_ada"],
        ["note", null, "", "etag ada-l"],
        ["snapshot", "a", "", ""],
        ["task_result", "a", "people", "U_ada"],
        ["task_result", "a", "search", "page 1"],
      ]);
      const textOf = (table: StoredRow["table"]) => found.find((row) => row.table === table)?.value ?? "";
      expect(JSON.parse(textOf("lead"))).toEqual(ada);
      expect(JSON.parse(textOf("event"))).toEqual({ level: "info", code: "test", message: "met ada-l" });
      expect(JSON.parse(textOf("snapshot"))).toMatchObject({ progress: { currentItem: "Ada-L" } });
      expect(textOf("first_seen")).toBe("2030-01-01T00:00:00.000Z");
      expect(found.filter((row) => row.fetchedAt !== null).map((row) => row.table)).toEqual([
        "task_result",
        "task_result",
      ]);
      expect(await rows(store, ["nobody"])).toEqual([]);
      expect(await rows(store, [])).toEqual([]);
    });

    it("are found though a text holds what a pattern would", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const taskResults = ["a_b@x.test", "aXb@x.test", "100%", "1000"].map((value, index) => ({
        kind: "k",
        itemId: `${index}`,
        inputDigest: "d",
        value: JSON.stringify(value),
      }));
      await store.updateJob("a", () => ({ taskResults }));
      expect((await rows(store, ["a_b@x.test"])).map((row) => row.key)).toEqual(["0"]);
      expect((await rows(store, ["100%"])).map((row) => row.key)).toEqual(["2"]);
    });

    it("S35 stay, go, or get another value and key, and nothing of them is found afterwards", async () => {
      const { store } = await open();
      await fill(store);
      const asked: StoredRow["table"][] = [];
      const edit = (row: StoredRow): RowEdit => {
        asked.push(row.table);
        if (row.table === "lead" || row.table === "first_seen" || row.table === "note") return null;
        if (row.kind === "people") return { key: "~1", value: '"~1"' };
        return { value: row.value.replaceAll(/ada-l|u_ada/gi, "~1") };
      };
      expect(await store.eraseRows(["ada-l", "u_ada"], edit, () => ({}))).toEqual(["a"]);
      expect([...asked].sort()).toEqual([
        "event",
        "first_seen",
        "lead",
        "note",
        "snapshot",
        "task_result",
        "task_result",
      ]);
      expect(await rows(store, ["ada"])).toEqual([]);
      expect(await store.readLeads("a", { limit: 9 })).toEqual([bob]);
      const results = await store.readTaskResults("a", "people", ["U_ada", "~1", "U_bob"]);
      expect([...results].map(([key, { value }]) => [key, value]).sort()).toEqual([
        ["U_bob", '"bob"'],
        ["~1", '"~1"'],
      ]);
      expect((await store.readTaskResults("a", "search", ["page 1"])).get("page 1")?.value).toBe(
        '["~1","U_bob"]',
      );
      expect(await store.readEvents("a", 1, 9)).toMatchObject([{ seq: 2, data: { message: "met ~1" } }]);
      expect(await store.readJob("a")).toMatchObject({
        lastSeq: 2,
        snapshot: { progress: { currentItem: "~1" } },
      });
      expect((await store.readNotes(["etag ada-l"])).size).toBe(0);
      expect((await store.readFirstSeen("campaign", ["U_ada"])).size).toBe(0);
    });

    it("leave no gap when an event is taken out, and no job without its folds", async () => {
      const { store } = await open();
      await fill(store);
      const before = await store.readJob("a");
      const jobs = await store.eraseRows(
        ["ada-l"],
        (row) => (row.table === "event" || row.table === "snapshot" ? null : undefined),
        () => ({}),
      );
      expect(jobs).toEqual(["a"]);
      expect(await store.readEvents("a", 1, 9)).toMatchObject([{ seq: 2, type: "log", data: {} }]);
      expect((await store.readEvents("a", 1, 9))[0]?.data).toEqual({});
      expect(await store.readJob("a")).toEqual(before);
    });

    it("S35 give way when another row gets their key", async () => {
      const { store } = await open();
      await fill(store);
      await store.eraseRows(
        ["u_ada"],
        (row) => (row.kind === "people" ? { key: "U_bob", value: '"~1"' } : undefined),
        () => ({}),
      );
      const results = await store.readTaskResults("a", "people", ["U_ada", "U_bob"]);
      expect([...results].map(([key, { value }]) => [key, value])).toEqual([["U_bob", '"~1"']]);
    });

    it("S35 are not found by other jobs once they were changed, and are when they stay", async () => {
      const { store } = await open();
      await fill(store);
      const cached = async () => [...(await store.readCached(["k-people", "k-search"], 0)).keys()].sort();
      expect(await cached()).toEqual(["k-people", "k-search"]);
      await store.eraseRows(
        ["u_ada"],
        (row) => (row.kind === "search" ? { value: "[]" } : undefined),
        () => ({}),
      );
      expect(await cached()).toEqual(["k-people"]);
    });

    it("lets a job that is changed keep its other rows as they were, and names only jobs whose rows changed", async () => {
      const { store } = await open();
      await fill(store);
      expect(
        await store.eraseRows(
          ["u_ada"],
          () => undefined,
          () => ({ checkpoint: null }),
        ),
      ).toEqual([]);
      expect(await rows(store, ["u_ada"])).toHaveLength(4);
    });

    it("S35 asks about every job that has not ended, so that no worker goes on with what it has in mind", async () => {
      const { store } = await open();
      await fill(store);
      await store.createJob(buildNewJob({ id: "waiting" }), [queuedDraft]);
      await store.createJob(buildNewJob({ id: "ended", status: "completed" }), [queuedDraft]);
      await store.claimNext({ jobId: "a" }, (job, now) =>
        claimChange(job, now, testDigest, { workerId: "w", leaseMs: 1_000 }),
      );
      for (const id of ["a", "waiting"]) await store.updateJob(id, () => ({ checkpoint: '"ada-l"' }));
      const asked: string[] = [];
      await store.eraseRows(
        ["ada-l"],
        (row) => (row.table === "note" ? null : { value: row.value.replaceAll(/ada-l/gi, "~1") }),
        (job, now) => {
          asked.push(job.id);
          if (job.status !== "running") return { checkpoint: null };
          return { ...releaseChange(job, now, testDigest, [], { status: "queued" }), checkpoint: null };
        },
      );
      expect([...asked].sort()).toEqual(["a", "waiting"]);
      for (const id of asked) expect(await store.readCheckpoint(id)).toBeNull();
      expect(await store.readJob("a")).toMatchObject({ status: "queued", leaseOwner: null, epoch: 1 });
      expect(await rows(store, ["ada-l"])).toEqual([]);
    });

    it("are all as they were when edit or decide throws, and the ledger says nothing", async () => {
      const { store } = await open();
      await fill(store);
      const before = await rows(store, ["ada"]);
      const job = await store.readJob("a");
      const refuse = () => {
        throw new Error("no");
      };
      let edits = 0;
      const editThenRefuse = () => {
        edits += 1;
        return edits === 3 ? refuse() : null;
      };
      const release = () => ({ patch: { attempt: 9 }, checkpoint: null });
      await expect(store.eraseRows(["ada"], editThenRefuse, release)).rejects.toThrow("no");
      await expect(store.eraseRows(["ada"], () => null, refuse)).rejects.toThrow("no");
      expect(await rows(store, ["ada"])).toEqual(before);
      expect(await store.readJob("a")).toEqual(job);
      expect(await store.listErasures(9)).toEqual([]);
    });
  });

  describe("erased jobs", () => {
    it("S35 are past their retention also when they end then, and leave what their end puts in", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", (job, now) =>
        claimChange(job, now, testDigest, { workerId: "gone", leaseMs: 60_000 }),
      );
      await store.updateJob("a", () => ({ patch: { leaseUntil: 1, keepUntil: 1 } }));
      const next = {
        job: buildNewJob({ id: "b", keepUntil: Number.MAX_SAFE_INTEGER }),
        events: [queuedDraft],
      };
      await store.updateJob("a", (job, now) => {
        const end = { status: "cancelled", finishedAt: now } as const;
        const cancelled = { type: "job.cancelled", data: { partial: false } } as const;
        const { patch, ...change } = releaseChange(job, now, testDigest, [cancelled], end);
        return { ...change, patch: { ...patch, keepUntil: job.keepUntil }, next };
      });
      const expired = await store.listJobs({ expiredAt: await store.now(), limit: 9 });
      expect(expired.map(({ id }) => id)).toEqual(["a"]);
      await store.eraseJobs(["a"], "retention");
      expect(await store.readJob("a")).toBeNull();
      expect(await store.readJob("b")).toMatchObject({
        status: "queued",
        keepUntil: Number.MAX_SAFE_INTEGER,
        lastSeq: 1,
      });
    });

    it("S35 are gone with everything that is of them, but for the note of their files", async () => {
      const { store } = await open();
      await fill(store);
      await store.createJob(buildNewJob({ id: "child", parentJobId: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({
        checkpoint: "1",
        records: [{ collection: "c", key: "k", value: "1" }],
      }));
      const file = { jobId: "a", path: "/out/a_leads.csv", format: "leads_csv" };
      await store.noteFiles([file]);
      let rang = 0;
      store.onNews("a", () => {
        rang += 1;
      });
      await store.eraseJobs(["a", "nobody"], "job");
      await expect.poll(() => rang, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      expect(await store.readJob("a")).toBeNull();
      expect((await store.listJobs({ limit: 9 })).map((job) => job.id)).toEqual(["child"]);
      await expect(store.readEvents("a", 0, 9)).rejects.toMatchObject({ code: "not_found" });
      await expect(store.updateJob("a", () => ({}))).rejects.toMatchObject({ code: "not_found" });
      expect((await store.readCached(["k-people"], 0)).size).toBe(0);
      expect((await store.readTaskResults("child", "people", ["U_ada"])).size).toBe(0);
      expect((await rows(store, ["ada"])).filter((row) => row.jobId !== null)).toEqual([]);
      expect(await store.readFiles("a")).toEqual([file]);
      // The id is free again, and nothing of the old job is under it.
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      expect(await store.readEvents("a", 0, 9)).toMatchObject([{ seq: 1 }]);
      expect(await store.readCheckpoint("a")).toBeNull();
      expect(await store.scanRecords("a", "c", null, 9)).toEqual([]);
      expect(await store.readLeads("a", { limit: 9 })).toEqual([]);
    });

    it("are none of them when a worker holds one, until its lease is over", async () => {
      const { store, clock } = await open();
      for (const id of ["free", "held"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      await store.claimNext({ jobId: "held" }, (job, now) =>
        claimChange(job, now, testDigest, { workerId: "w", leaseMs: 30_000 }),
      );
      await expect(store.eraseJobs(["free", "held"], "all")).rejects.toMatchObject({ code: "conflict" });
      expect(await store.readJob("free")).not.toBeNull();
      expect(await store.listErasures(9)).toEqual([]);
      await clock.advance(31_000);
      await store.eraseJobs(["free", "held"], "all");
      expect(await store.listJobs({ limit: 9 })).toEqual([]);
    });
  });

  describe("the ledger of erasures", () => {
    it("says that something was erased and when, newest first, and never what", async () => {
      const { store, clock } = await open();
      await fill(store);
      const { job } = await store.createJob(buildNewJob({ id: "b" }), [queuedDraft]);
      await store.eraseRows(
        ["ada"],
        () => undefined,
        () => ({}),
      );
      await clock.advance(60_000);
      await store.eraseJobs(["b"], "retention");
      const ledger = await store.listErasures(9);
      expect(ledger).toEqual([
        { scope: "retention", at: expect.any(Number), state: "pending" },
        { scope: "person", at: expect.any(Number), state: "pending" },
      ]);
      expect(ledger[1]?.at).toBeGreaterThanOrEqual(job.createdAt);
      expect((ledger[0]?.at ?? 0) - (ledger[1]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
      expect(await store.listErasures(1)).toEqual(ledger.slice(0, 1));
      expect(await store.finishErasures()).toBe("done");
      expect(await store.listErasures(9)).toEqual(ledger.map((line) => ({ ...line, state: "done" })));
      expect(await store.finishErasures()).toBe("done");
    });
  });
}

const ada = buildLead({ rank: 1, login: "Ada-L", nodeId: "U_ada" });
const bob = buildLead({ rank: 2, login: "bob", nodeId: "U_bob" });

/** A job `a` that tells of two people in every place there is. */
async function fill(store: Store): Promise<void> {
  const job = buildNewJob({ id: "a", tenant: "acme" });
  const { snapshot } = job;
  await store.createJob(job, [queuedDraft]);
  await store.updateJob("a", () => ({
    patch: { snapshot: { ...snapshot, seq: 2, progress: { ...snapshot.progress, currentItem: "Ada-L" } } },
    events: [{ type: "log", data: { level: "info", code: "test", message: "met ada-l" } }],
    taskResults: [
      { kind: "people", itemId: "U_ada", inputDigest: "d", value: '"Ada-L"', cacheKey: "k-people" },
      { kind: "people", itemId: "U_bob", inputDigest: "d", value: '"bob"' },
      {
        kind: "search",
        itemId: "page 1",
        inputDigest: "d",
        value: '["U_ada","U_bob"]',
        cacheKey: "k-search",
      },
    ],
    leads: [ada, bob],
    notes: [
      { key: "etag ada-l", value: "1" },
      { key: "etag bob", value: "2" },
    ],
  }));
  const seen = new Map([
    ["U_ada", "2030-01-01T00:00:00.000Z"],
    ["U_bob", "2030-01-01T00:00:00.000Z"],
  ]);
  await store.noteFirstSeen("campaign", seen, 9e15);
}

/** In an order that does not depend on the store. */
async function rows(store: Store, texts: readonly string[]): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for await (const row of store.findRows(texts)) found.push(row);
  const place = ({ table, kind, key }: StoredRow) => `${table} ${kind} ${key}`;
  return found.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}
