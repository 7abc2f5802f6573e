import { describe, expect, it, onTestFinished } from "vitest";
import type { Store } from "../port/store.ts";
import type { JobPart, StoreTransfer, TransferPage, TransferRow } from "../port/store-transfer.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";

/** A store and its raw content, opened for one test. */
export interface TransferUnderTest {
  readonly store: Store;
  readonly transfer: StoreTransfer;
  /** The time of both. */
  now(): number;
}

/** How a transfer is put under its contract. */
export interface TransferContractOptions {
  /** A new, empty store; called twice per test. */
  create(): Promise<TransferUnderTest>;
}

/** What every {@link StoreTransfer} keeps, as tests. Call it at the top of a test file. */
export function describeTransferContract(name: string, { create }: TransferContractOptions): void {
  async function open() {
    const opened = await create();
    onTestFinished(async () => {
      await opened.transfer.close();
      await opened.store.close();
    });
    return opened;
  }
  const openTwo = async () => ({ from: await open(), to: await open() });

  describe(`${name} keeps the contract of a transfer`, () => {
    it("takes a job in of which nobody can do anything until it is whole, and which is then as it was", async () => {
      const { from, to } = await openTwo();
      await fill(from.store, "a");
      const job = await wholeJob(from.transfer, "a");
      const place = await to.transfer.begin(job);
      await sendRows(from.transfer, job.place, to.transfer, place);

      expect(await to.store.readJob("a")).toBeNull();
      expect(await to.store.claimNext({}, () => ({}))).toBeNull();
      expect(await to.store.readQueue()).toMatchObject({ claimable: 0, jobs: { queued: 0, paused: 0 } });
      expect(await to.store.listJobs({ tenant: "local", limit: 9 })).toEqual([]);
      expect(await to.transfer.heads(0, 9)).toEqual([]);
      const [begun] = await to.store.listJobs({ limit: 9 });
      expect(begun).toMatchObject({ status: "completed", keepUntil: job.keepUntil });

      await to.transfer.finish(place, job, { queued: false, erased: 0 });
      expect(await to.store.readJob("a")).toEqual(await from.store.readJob("a"));
      expect(await to.store.readEvents("a", 0, 99)).toEqual(await from.store.readEvents("a", 0, 99));
      expect(await to.store.readLogRows("a", 0, 99)).toEqual(await from.store.readLogRows("a", 0, 99));
      expect((await to.store.readLogRows("a", 0, 1))[0]?.link).toBe("1:one");
      expect(await to.store.readConfigText("a")).toBe("name: n # as written\n");
      expect(await to.store.readLeads("a", { limit: 9 })).toEqual(
        await from.store.readLeads("a", { limit: 9 }),
      );
      expect(
        await to.store.readLeads("a", { limit: 9, sort: { by: "name", descending: true }, search: "imag" }),
      ).toEqual(
        await from.store.readLeads("a", { limit: 9, sort: { by: "name", descending: true }, search: "imag" }),
      );
      expect(await to.store.readTaskResults("a", "k", ["i"])).toEqual(
        await from.store.readTaskResults("a", "k", ["i"]),
      );
      expect((await to.store.readCached(["key"], 0)).get("key")?.fetchedAt).toBe(77);
      expect(await to.store.readCheckpoint("a")).toBe('{"at":1}');
      expect(await to.store.scanRecords("a", "c", null, 9)).toEqual([
        { key: "x", value: "1" },
        { key: "y", value: "2" },
      ]);
      const written = await to.store.updateJob("a", () => ({ events: [queuedDraft] }));
      expect(written.events[0]?.seq).toBe(job.row.last_seq === null ? 0 : Number(job.row.last_seq) + 1);
      expect(await to.transfer.marks("a")).toEqual({ moved: null, copied: true });
    });

    it("puts a job that was paused for it into the queue, as one that waits since it came, and tells of it", async () => {
      const { from, to } = await openTwo();
      await fill(from.store, "a", { status: "paused", notBefore: 5, desired: null });
      const job = await wholeJob(from.transfer, "a");
      let rings = 0;
      onTestFinished(to.store.onNews(null, () => (rings += 1)));
      const place = await to.transfer.begin(job);
      await to.transfer.finish(place, job, { queued: true, erased: 0 });
      expect(await to.store.readJob("a")).toMatchObject({ status: "queued", notBefore: 5, leaseOwner: null });
      expect(await to.store.readQueue()).toMatchObject({ claimable: 1, oldestClaimableAt: to.now() });
      await expect.poll(() => rings).toBeGreaterThan(0);
    });

    it("begins anew over what an earlier try has left, and takes nothing for it any more", async () => {
      const { from, to } = await openTwo();
      await fill(from.store, "a");
      const job = await wholeJob(from.transfer, "a");
      const first = await to.transfer.begin(job);
      await sendRows(from.transfer, job.place, to.transfer, first);
      const second = await to.transfer.begin(job);
      const rows: TransferRow[] = [[1, 1, 1, "log", "{}", null]];
      await expect(to.transfer.add(first, "event", rows)).rejects.toMatchObject({ code: "conflict" });
      await expect(to.transfer.finish(first, job, { queued: false, erased: 0 })).rejects.toMatchObject({
        code: "conflict",
      });
      expect(await to.transfer.count("event", second)).toBe(0);
      expect(await to.transfer.count("event", first)).toBe(0);
      await to.transfer.drop(null);
      expect(await to.store.listJobs({ limit: 9 })).toEqual([]);
      await expect(to.transfer.add(second, "lead", [[JSON.stringify(buildLead())]])).rejects.toMatchObject({
        code: "conflict",
      });
    });

    it("drops what was begun, and never what is whole", async () => {
      const { from, to } = await openTwo();
      await fill(from.store, "a");
      const job = await wholeJob(from.transfer, "a");
      const place = await to.transfer.begin(job);
      await to.transfer.finish(place, job, { queued: false, erased: 0 });
      await to.transfer.drop(place);
      await to.transfer.drop(null);
      expect(await to.store.readJob("a")).not.toBeNull();
      const again = await to.transfer.begin(job);
      await expect(to.transfer.finish(again, job, { queued: false, erased: 0 })).rejects.toMatchObject({
        code: "conflict",
      });
    });

    it("finishes nothing when somebody was erased meanwhile", async () => {
      const { from, to } = await openTwo();
      await fill(from.store, "a");
      const job = await wholeJob(from.transfer, "a");
      const place = await to.transfer.begin(job);
      await sendRows(from.transfer, job.place, to.transfer, place);
      await to.store.eraseRows(
        ["imaginary"],
        ({ table }) => (table === "lead" ? null : undefined),
        () => ({}),
      );
      // It reaches what was begun as it does any other job.
      expect(await to.transfer.count("lead", place)).toBe(0);
      expect(await to.transfer.countErased()).toBe(1);
      for (const attempt of [
        to.transfer.finish(place, job, { queued: false, erased: 0 }),
        to.transfer.merge("first_seen", [["c", "n", "2030-01-01T00:00:00.000Z", 1]], 0),
      ]) {
        await expect(attempt).rejects.toMatchObject({ code: "conflict" });
      }
      expect(await to.store.readJob("a")).toBeNull();
      expect((await to.store.readFirstSeen("c", ["n"])).size).toBe(0);
    });

    it("holds a job still here that went away: it is not resumed, but can be cancelled", async () => {
      const { from } = await openTwo();
      const { store, transfer } = from;
      await fill(store, "a", { status: "paused" });
      const head = await wholeJob(transfer, "a");
      const moved = JSON.stringify({ to: "over there", storeId: "1" });
      await store.updateJob("a", () => ({}));
      expect(await transfer.seal(head, moved)).toBe(false);
      expect((await transfer.marks("a")).moved).toBeNull();
      const resume = () => store.updateJob("a", () => ({ patch: { status: "queued" } }));
      expect(await transfer.seal(await wholeJob(transfer, "a"), moved)).toBe(true);
      await expect(resume()).rejects.toMatchObject({
        code: "conflict",
        message: "Job a was moved to over there.",
      });
      expect(await store.readJob("a")).toMatchObject({ status: "paused" });
      await store.updateJob("a", () => ({ patch: { status: "queued", desired: "cancelled" } }));
    });

    it("takes the suppression key over where nothing was made with another one", async () => {
      const { from, to } = await openTwo();
      expect(await from.transfer.readSuppressionKey()).toBeNull();
      const key = await from.store.suppressionKey();
      expect(await to.store.suppressionKey()).not.toBe(key);
      await to.transfer.adoptSuppressionKey(key);
      // A process that has asked before hears of it.
      expect(await to.store.suppressionKey()).toBe(key);
      await to.store.addSuppressed([{ kind: "login", hash: "h" }]);
      await to.transfer.adoptSuppressionKey(key);
      await expect(to.transfer.adoptSuppressionKey("another")).rejects.toMatchObject({ code: "conflict" });
      expect(await to.store.suppressionKey()).toBe(key);
    });

    it("merges what belongs to no job: what is there stays, the newer note, the first sight, the longest keeping", async () => {
      const { from, to } = await openTwo();
      const early = "2029-01-01T00:00:00.000Z";
      const late = "2029-06-01T00:00:00.000Z";
      await from.store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await from.store.updateJob("a", () => ({ notes: [{ key: "n", value: "1" }] }));
      await from.store.noteFirstSeen("c", new Map([["p", early]]), 5);
      await to.store.noteFirstSeen("c", new Map([["p", late]]), 9);
      await from.store.noteFiles([{ jobId: "a", path: "/f", format: "csv" }]);
      await from.store.addSuppressed([{ kind: "email", hash: "h" }]);
      await from.store.updateShared("mine", () => "text");
      for (const name of ["quota:x", "moved:x", "copied:x", "copying:x"]) {
        await from.store.updateShared(name, () => "local");
      }
      const parts = [
        "suppressed",
        "first_seen",
        "exported_file",
        "source_note",
        "shared",
        "erasure",
      ] as const;
      for (let time = 0; time < 2; time += 1) {
        for (const part of parts) {
          await to.transfer.merge(part, (await from.transfer.read(part, null, null)).rows, 0);
        }
      }
      expect(await to.store.readFirstSeen("c", ["p"])).toEqual(
        new Map([["p", { at: early, exportedAt: null }]]),
      );
      // Who exported somebody first, wherever that was; the start of that run.
      await from.store.createJob(buildNewJob({ id: "run", startedAt: 0, keepUntil: 1 }), [queuedDraft]);
      await from.store.updateJob("run", () => ({ leads: [buildLead({ nodeId: "p" })] }));
      await from.store.updateJob("run", () => ({ exportedAs: "c" }));
      const exported = await from.store.readFirstSeen("c", ["p"]);
      expect(exported.get("p")).toMatchObject({ at: new Date(0).toISOString() });
      await to.transfer.merge("first_seen", (await from.transfer.read("first_seen", null, null)).rows, 0);
      expect(await to.store.readFirstSeen("c", ["p"])).toEqual(exported);
      expect(await to.store.eraseExpired({ firstSeen: 9, notes: 0 })).toBe(0);
      expect(await to.store.readNotes(["n"])).toEqual(new Map([["n", "1"]]));
      expect(await to.store.readFiles(null)).toEqual(await from.store.readFiles(null));
      expect(await to.store.listSuppressed({ limit: 9 })).toEqual(
        await from.store.listSuppressed({ limit: 9 }),
      );
      expect(await to.store.readShared("mine")).toBe("text");
      expect(await to.transfer.count("shared")).toBe(1);
      expect(await to.store.readShared("quota:x")).toBeNull();
    });
  });
}

async function fill(store: Store, id: string, overrides: Parameters<typeof buildNewJob>[0] = {}) {
  await store.createJob(buildNewJob({ id, status: "paused", ...overrides }), [queuedDraft], {
    chain: () => ({ logHead: { link: "one", from: 2, seq: 1 }, link: { seq: 1, link: "1:one" } }),
    configText: "name: n # as written\n",
  });
  await store.updateJob(id, () => ({
    events: [
      { type: "log", data: { level: "info", code: "test", message: "Ünïcode \u0000 \ud83d\ude00 \\ '" } },
      { type: "metrics", data: { metrics: { n: 0.1 } } },
    ],
    taskResults: [{ kind: "k", itemId: "i", inputDigest: "d", value: '"v"', cacheKey: "key", fetchedAt: 77 }],
    leads: [
      buildLead({ rank: 1, login: "imaginary-one", name: null }),
      buildLead({ rank: 2, login: "imaginary-two", name: "Éva", score: 2.5 }),
      buildLead({ rank: 2, login: "imaginary-three", name: "Ada \u0000" }),
    ],
    records: [
      { collection: "c", key: "y", value: "2" },
      { collection: "c", key: "x", value: "1" },
    ],
    checkpoint: '{"at":1}',
  }));
}

async function wholeJob(transfer: StoreTransfer, id: string) {
  const job = await transfer.job(id);
  if (job === null) throw new Error(`no job ${id}`);
  return job;
}

async function sendRows(from: StoreTransfer, place: number, to: StoreTransfer, there: number) {
  for (const part of jobParts) {
    for (let after: TransferRow | null = null; ; ) {
      const { rows, next }: TransferPage = await from.read(part, place, after);
      await to.add(there, part, rows);
      if (next === null) break;
      after = next;
    }
  }
}

const jobParts: readonly JobPart[] = ["event", "task_result", "lead", "agent_record", "checkpoint"];
