import { link, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EventDraft, Store, StoreTransfer } from "@cmo/engine";
import { buildLead, buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStoreEnds, type StoreEnd } from "../../src/copy/store-end.ts";
import { createRuntime } from "../../src/runtime/create-runtime.ts";
import { contentOf, fillStore, openCopyPlace } from "./copy-place.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const filling = { play: 7, texts: ["a", "ä", "%", "~x"], numbers: [1, 2.5] };

async function twoStores() {
  const place = openCopyPlace(() => server);
  return { place, from: await place.sqlite(), to: await place.sqlite() };
}

async function putIn(store: Store, id: string, overrides: Parameters<typeof buildNewJob>[0] = {}) {
  await store.createJob(buildNewJob({ id, status: "completed", ...overrides }), [queuedDraft]);
  await store.updateJob(id, () => ({
    leads: [buildLead({ login: `person-of-${id}` })],
    taskResults: [{ kind: "people", itemId: "U_1", inputDigest: "d", value: '"person-of-all"' }],
  }));
}

const idsIn = async (store: Store) => (await store.listJobs({ limit: 99 })).map(({ id }) => id).reverse();
const conflict = { code: "conflict" };

describe("A copy of jobs that have not ended", () => {
  it("is refused, and says which they are; nothing is copied", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "done");
    await putIn(from.store, "waiting", { status: "queued" });
    await expect(place.copy(from, to)).rejects.toMatchObject({
      ...conflict,
      message: "A job has not ended: waiting (queued).",
      hint: expect.stringContaining("--pause"),
    });
    expect(await contentOf(to)).toMatchObject({ key: null, jobs: [] });
    expect(await from.store.readJob("waiting")).toMatchObject({ status: "queued" });
    // Named alone, the other one is no reason to wait.
    await place.copy(from, to, { jobIds: ["done"] });
    expect(await idsIn(to.store)).toEqual(["done"]);
  });

  it("S17 pauses them when told to, and goes on with these alone; in the first store nobody goes on", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "by-hand", { status: "paused" });
    await putIn(from.store, "waiting", { status: "queued", priority: 3, notBefore: 9e12 });
    await putIn(from.store, "dead", {
      status: "running",
      leaseOwner: "gone",
      leaseUntil: place.clock.now() - 1,
      attempt: 1,
      epoch: 4,
      startedAt: 1,
    });
    const report = await place.copy(from, to, { pauseJobs: true });
    expect(report.resumed).toEqual(["waiting", "dead"]);
    expect(await to.store.readJob("by-hand")).toMatchObject({ status: "paused" });
    expect(await to.store.readJob("waiting")).toMatchObject({
      status: "queued",
      priority: 3,
      notBefore: 9e12,
    });
    expect(await to.store.readJob("dead")).toMatchObject({
      status: "queued",
      epoch: 4,
      attempt: 1,
      lastSeq: 2,
      leaseOwner: null,
    });
    const { engine } = createRuntime({ host: place.host, store: from.store });
    for (const id of ["by-hand", "waiting", "dead"]) {
      expect(await from.store.readJob(id)).toMatchObject({ status: "paused" });
      await expect(engine.resume(id)).rejects.toMatchObject({
        ...conflict,
        message: `Job ${id} was moved to ${to.name}.`,
      });
    }
    expect(await from.store.readQueue()).toMatchObject({ claimable: 0 });
    const there = createRuntime({ host: place.host, store: to.store }).engine;
    await there.resume("by-hand");
  });

  it("waits until a living worker has let go", async () => {
    const { place, from, to } = await twoStores();
    const lease = { status: "running", leaseOwner: "alive", epoch: 1, attempt: 1 } as const;
    await putIn(from.store, "held", { ...lease, leaseUntil: place.clock.now() + 3_000 });
    const begun = place.clock.now();
    const report = await place.copy(from, to, { pauseJobs: true });
    expect(report.resumed).toEqual(["held"]);
    expect(place.clock.now()).toBeGreaterThanOrEqual(begun + 3_000);
    expect((await from.store.readEvents("held", 1, 9)).map(({ type }) => type)).toEqual(["job.paused"]);
    expect(await to.store.readEvents("held", 0, 9)).toEqual(await from.store.readEvents("held", 0, 9));
  });

  it("gives up on one that is being cancelled by nobody, and says how to end it", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "half", { status: "queued", desired: "cancelled", startedAt: 1 });
    await expect(place.copy(from, to, { pauseJobs: true })).rejects.toMatchObject({
      ...conflict,
      hint: expect.stringContaining("cmo cancel half"),
    });
  });

  it("refuses to bring one that was moved to a third store, and takes it from there; and back again", async () => {
    const { place, from, to } = await twoStores();
    const third = await place.sqlite();
    await putIn(from.store, "roaming", { status: "paused" });
    await place.copy(from, to);
    await expect(place.copy(from, third)).rejects.toMatchObject({
      ...conflict,
      message: expect.stringContaining(`moved to ${to.name}`),
    });
    await place.copy(to, third, { deleteSource: true });
    expect(await idsIn(to.store)).toEqual([]);
    await from.store.eraseJobs(["roaming"], "job");
    await place.copy(third, from, { deleteSource: true });
    const { engine } = createRuntime({ host: place.host, store: from.store });
    await engine.resume("roaming");
    // And once more the way that it went first.
    await place.copy(from, to, { pauseJobs: true });
    expect(await to.store.readJob("roaming")).toMatchObject({ status: "queued" });
  });
});

describe("A copy that is interrupted", () => {
  it("S13 S14 at any change to the other store shows whole jobs alone, and comes to the same when it is run again", async () => {
    const place = openCopyPlace(() => server);
    const from = await place.sqlite();
    await fillStore(from, place.clock, filling);
    for (const { id } of await from.store.listJobs({ status: ["queued", "running"], limit: 999 })) {
      await from.store.updateJob(id, () => ({ patch: atRest }));
    }
    const wanted = await contentOf(from);
    const calm = await place.sqlite();
    const calls: string[] = [];
    await place.copy(from, { ...calm, transfer: failing(calm.transfer, (call) => void calls.push(call)) });
    expect(new Set(calls)).toEqual(
      new Set(["drop", "adoptSuppressionKey", "merge", "begin", "add", "finish"]),
    );

    // A store may be left for another one when it has got nothing of the queue: the first copy did.
    await forgetMoves(from);
    for (let last = 0; last < calls.length; last += 1) {
      const broken = await place.sqlite();
      let left = last;
      const mortal = failing(broken.transfer, () => {
        left -= 1;
        if (left < 0) throw new Error("the process ended");
      });
      const copying = place.copy(from, { ...broken, transfer: mortal });
      await expect(copying, calls[last]).rejects.toThrow("the process ended");
      const { jobs } = await contentOf(broken);
      expect(jobs, calls[last]).toEqual(wanted.jobs.slice(0, jobs.length));
      expect(await broken.store.readQueue()).toMatchObject({ claimable: 0 });

      await place.copy(from, broken);
      expect(await contentOf(broken), calls[last]).toEqual(wanted);
      expect(await idsIn(broken.store)).toEqual(await idsIn(from.store));
      await forgetMoves(from);
    }
  });

  it("S17 remembers which jobs it has paused", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "by-hand", { status: "paused" });
    await putIn(from.store, "waiting", { status: "queued" });
    const mortal = failing(to.transfer, (call) => {
      if (call === "finish") throw new Error("the process ended");
    });
    await expect(place.copy(from, { ...to, transfer: mortal }, { pauseJobs: true })).rejects.toThrow("ended");
    expect(await from.store.readJob("waiting")).toMatchObject({ status: "paused" });
    const report = await place.copy(from, to);
    expect(report.resumed).toEqual(["waiting"]);
    expect(await to.store.readJob("by-hand")).toMatchObject({ status: "paused" });
  });

  it("begins a job anew that was changed while it was copied, and leaves one that was erased", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "changed");
    await putIn(from.store, "erased");
    let pages = 0;
    const meddled = meddling(to.transfer, async (call) => {
      if (call !== "add") return;
      pages += 1;
      // Its log, its answers, its leads: all of it was read by now.
      if (pages !== 3) return;
      await from.store.updateJob("changed", () => ({ leads: [buildLead({ rank: 5 })] }));
      await from.store.eraseJobs(["erased"], "job");
    });
    await place.copy(from, { ...to, transfer: meddled });
    expect(await idsIn(to.store)).toEqual(["changed"]);
    expect(await to.store.countLeads("changed", {})).toBe(2);
  });

  it("stops between two pages when somebody wants it to, and goes on when it is run again", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    await putIn(from.store, "waiting", { status: "queued" });
    const stop = new AbortController();
    const onProgress = ({ job }: { job: number }) => job === 2 && stop.abort();
    const stopped = place.copy(from, to, { pauseJobs: true, signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect((await to.store.listJobs({ limit: 9 })).map(({ id }) => id)).toEqual(["a"]);
    const report = await place.copy(from, to, { pauseJobs: true });
    expect(report).toMatchObject({ resumed: ["waiting"], leftOut: { present: ["a"] } });
  });

  it("never takes more than a page at a time, however large a job is", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "large");
    const line: EventDraft = { type: "log", data: { level: "info", code: "test", message: "x" } };
    for (let page = 0; page < 6; page += 1) {
      await from.store.updateJob("large", () => ({
        events: Array.from({ length: 5_000 }, () => line),
        leads: Array.from({ length: 1_000 }, (_lead, index) => buildLead({ rank: page * 1_000 + index + 2 })),
      }));
    }
    let most = 0;
    let atOnce = 0;
    let mostAtOnce = 0;
    const watched: StoreTransfer = {
      ...to.transfer,
      async add(at, part, rows) {
        most = Math.max(most, rows.length);
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await to.transfer.add(at, part, rows);
        atOnce -= 1;
      },
    };
    const report = await place.copy(from, { ...to, transfer: watched });
    expect(report.rows).toMatchObject({ event: 30_001, lead: 6_001 });
    expect(report.jobs[0]?.logDigest).toMatch(/^[0-9a-f]{64}$/);
    expect({ mostAtOnce, isPage: most <= 4_000 }).toEqual({ mostAtOnce: 1, isPage: true });
    expect(await to.store.countLeads("large", {})).toBe(6_001);
  });

  it("does not put in a job whose rows arrived otherwise than they were sent", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    const lossy: StoreTransfer = {
      ...to.transfer,
      add: (at, part, rows) => to.transfer.add(at, part, part === "event" ? [] : rows),
    };
    await expect(place.copy(from, { ...to, transfer: lossy })).rejects.toMatchObject({
      code: "invariant_violated",
      message: expect.stringContaining("event, 1 rows sent and 0 found"),
    });
    expect(await to.store.listJobs({ limit: 9 })).toEqual([]);
  });
});

describe("What was erased does not come back by a copy:", () => {
  it("a job that was erased where it had been copied to", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    await putIn(from.store, "b");
    await place.copy(from, to);
    await to.store.eraseJobs(["a"], "job");
    const report = await place.copy(from, to);
    expect(report.leftOut).toEqual({ present: ["b"], erased: ["a"], expired: [] });
    expect(await idsIn(to.store)).toEqual(["b"]);
  });

  it("a person who was erased there, until somebody says that they were erased in both", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    await place.copy(from, to);
    await erase(to, "person-of-a");
    await putIn(from.store, "b");
    await expect(place.copy(from, to)).rejects.toMatchObject({
      ...conflict,
      hint: expect.stringContaining("--erased-in-both"),
    });
    expect(await idsIn(to.store)).toEqual(["a"]);
    await place.copy(from, to, { erasedInBoth: true });
    expect(await idsIn(to.store)).toEqual(["a", "b"]);
  });

  it("a person who is erased there while it goes on", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    const meddled = meddling(to.transfer, async (call) => {
      if (call === "finish") await erase(to, "person-of-a");
    });
    await expect(place.copy(from, { ...to, transfer: meddled })).rejects.toMatchObject(conflict);
    expect(await to.store.listJobs({ limit: 9 })).toEqual([]);
  });

  it("a person who is erased where it comes from while it goes on: they are named as maybe copied", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    await putIn(from.store, "b");
    let finished = 0;
    const meddled = meddling(to.transfer, async (call) => {
      if (call !== "finish") return;
      finished += 1;
      if (finished === 2) await erase(from, "person-of");
    });
    await expect(place.copy(from, { ...to, transfer: meddled })).rejects.toMatchObject({
      ...conflict,
      hint: expect.stringContaining(`cmo purge --person LOGIN --store ${to.name}`),
    });
  });

  it("a job whose retention is over", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "old", { keepUntil: place.clock.now() - 1 });
    const report = await place.copy(from, to);
    expect(report.leftOut.expired).toEqual(["old"]);
    expect(await idsIn(to.store)).toEqual([]);
  });

  it("the suppression list goes over with its key, before any job; another key with something made of it is refused", async () => {
    const place = openCopyPlace(() => server);
    const [from, to] = [await place.sqlite(), await place.postgres()];
    const { engine } = createRuntime({ host: place.host, store: from.store });
    const entries = [{ kind: "login", value: "octo-example" }] as const;
    await from.store.addSuppressed(await engine.hashSuppression(entries));
    await putIn(from.store, "a");
    await place.copy(from, to);
    const there = createRuntime({ host: place.host, store: to.store }).engine;
    const hashes = (await there.hashSuppression(entries)).map(({ hash }) => hash);
    expect(await to.store.findSuppressed(hashes)).toEqual(new Set(hashes));

    const own = await place.sqlite();
    await own.store.suppressionKey();
    await own.store.addSuppressed([{ kind: "login", hash: "own" }]);
    await expect(place.copy(from, own)).rejects.toMatchObject({
      ...conflict,
      message: expect.stringContaining("different keys"),
    });
    expect(await idsIn(own.store)).toEqual([]);
  });
});

describe("A copy", () => {
  it("takes the jobs out of the first store when it is told to, and leaves the files that they were exported to", async () => {
    const { place, from, to } = await twoStores();
    await putIn(from.store, "a");
    await putIn(from.store, "open", { status: "queued" });
    await from.store.noteFiles([{ jobId: "a", path: "/exports/a", format: "csv" }]);
    await from.store.noteFirstSeen("c", new Map([["U_1", "2029-01-01T00:00:00.000Z"]]), 9e12);
    const report = await place.copy(from, to, { pauseJobs: true, deleteSource: true });
    expect(report.deleted).toBe(2);
    expect(await contentOf(from)).toMatchObject({ jobs: [], parts: { first_seen: [], exported_file: [] } });
    expect(await to.store.readFiles("a")).toHaveLength(1);
    expect(await to.store.readJob("open")).toMatchObject({ status: "queued" });
  });

  it("of one job brings its parents and what is of them, and the whole suppression list", async () => {
    const { place, from, to } = await twoStores();
    for (const [id, parentJobId] of [
      ["first", null],
      ["other", null],
      ["second", "first"],
    ] as const) {
      await putIn(from.store, id, { parentJobId });
      await from.store.noteFiles([{ jobId: id, path: `/exports/${id}`, format: "csv" }]);
    }
    await from.store.addSuppressed([{ kind: "login", hash: "h" }]);
    const name = (await from.store.readJob("second"))?.spec.name ?? "";
    for (const campaign of [name, "another"]) {
      await from.store.noteFirstSeen(campaign, new Map([["U_1", "2029-01-01T00:00:00.000Z"]]), 9e12);
    }
    await place.copy(from, to, { jobIds: ["second"] });
    expect(await idsIn(to.store)).toEqual(["first", "second"]);
    expect((await to.store.readFiles(null)).map(({ jobId }) => jobId)).toEqual(["first", "second"]);
    expect((await to.store.readFirstSeen(name, ["U_1"])).size).toBe(1);
    expect((await to.store.readFirstSeen("another", ["U_1"])).size).toBe(0);
    expect(await to.store.findSuppressed(["h"])).toEqual(new Set(["h"]));
    await expect(place.copy(from, to, { jobIds: ["nobody"] })).rejects.toMatchObject({ code: "not_found" });
  });

  it("that only counts changes nothing, and counts what a copy then copies", async () => {
    const { place, from, to } = await twoStores();
    await fillStore(from, place.clock, filling);
    const before = [await contentOf(from), await contentOf(to)];
    const counted = await place.copy(from, to, { dryRun: true });
    expect([await contentOf(from), await contentOf(to)]).toEqual(before);
    const open = await from.store.listJobs({ status: ["queued", "running"], limit: 999 });
    for (const { id } of open) await from.store.updateJob(id, () => ({ patch: atRest }));
    const copied = await place.copy(from, to);
    expect(copied.rows).toEqual(counted.rows);
    expect(copied.jobs.map(({ id }) => id)).toEqual(counted.jobs.map(({ id }) => id));
  });

  it("into itself is refused, by whatever name: a link, a hard link, another address", async () => {
    const place = openCopyPlace(() => server);
    const { name: path, store } = await place.sqlite();
    await putIn(store, "a");
    const folder = dirname(path);
    const other = (name: string) => join(folder, name);
    await symlink(path, other("link.db"));
    await link(path, other("hard.db"));
    await symlink(folder, other("folder"));
    for (const name of ["store.db", "link.db", "hard.db", "folder/store.db"]) {
      const locations = { from: fileAt(path), to: fileAt(other(name)) };
      await expect(openStoreEnds(locations, place.host), name).rejects.toMatchObject({ code: "usage" });
    }
    const address = new URL(server.url);
    address.searchParams.set("application_name", "other");
    const { from, to, close } = await openStoreEnds(
      { from: databaseAt(server.url), to: databaseAt(address.href) },
      place.host,
    );
    try {
      await expect(place.copy(from, to)).rejects.toMatchObject({ code: "usage" });
      expect((await contentOf(from)).parts.shared).toEqual([]);
      expect(await from.store.readShared("copying:look")).toBeNull();
    } finally {
      await close();
    }
  });

  it("from a file that is not there says so, and makes none", async () => {
    const place = openCopyPlace(() => server);
    const from = fileAt(join(dirname((await place.sqlite()).name), "missing.db"));
    for (let time = 0; time < 2; time += 1) {
      const opening = openStoreEnds({ from, to: databaseAt(server.url) }, place.host);
      await expect(opening).rejects.toMatchObject({ code: "not_found" });
    }
  });
});

const fileAt = (path: string) => ({ type: "file", path }) as const;
const databaseAt = (url: string) => ({ type: "postgres", url, name: "a database" }) as const;
const atRest = { status: "paused", desired: null, leaseOwner: null, leaseUntil: null } as const;

async function erase({ store }: StoreEnd, text: string): Promise<void> {
  await store.eraseRows(
    [text],
    ({ table }) => (table === "lead" ? null : undefined),
    () => ({}),
  );
}

type Change = "adoptSuppressionKey" | "merge" | "begin" | "add" | "finish" | "drop";

/** A transfer before each of whose changes something happens; when that throws, the change is not made. */
function meddling(transfer: StoreTransfer, before: (call: Change) => Promise<void>): StoreTransfer {
  return {
    ...transfer,
    adoptSuppressionKey: async (...given) => {
      await before("adoptSuppressionKey");
      return transfer.adoptSuppressionKey(...given);
    },
    merge: async (...given) => {
      await before("merge");
      return transfer.merge(...given);
    },
    begin: async (...given) => {
      await before("begin");
      return transfer.begin(...given);
    },
    add: async (...given) => {
      await before("add");
      return transfer.add(...given);
    },
    finish: async (...given) => {
      await before("finish");
      return transfer.finish(...given);
    },
    drop: async (...given) => {
      await before("drop");
      return transfer.drop(...given);
    },
  };
}

function failing(transfer: StoreTransfer, before: (call: Change) => void): StoreTransfer {
  return meddling(transfer, async (call) => before(call));
}

/** As if the store that was copied from had never been copied to another one. */
async function forgetMoves({ store }: StoreEnd): Promise<void> {
  for (const { id } of await store.listJobs({ limit: 999 })) {
    await store.updateShared(`moved:${id}`, () => null);
  }
}
