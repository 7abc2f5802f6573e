import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  buildNewJob,
  createFakeClock,
  type DamagedPart,
  describeStoreContract,
  queuedDraft,
  spreadStore,
} from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { openConnection } from "./connection.ts";
import { createSqliteStore } from "./sqlite-store.ts";

describeStoreContract("The SQLite store", {
  async create() {
    const clock = createFakeClock();
    const path = join(await temporaryFolder(), "store.db");
    return { store: await createSqliteStore({ path, clock, pollMs: 5 }), clock, damage: damageIn(path) };
  },
});

describeStoreContract("The SQLite store, opened anew for every call,", {
  async create() {
    const clock = createFakeClock();
    const path = join(await temporaryFolder(), "store.db");
    const listener = await createSqliteStore({ path, clock, pollMs: 5 });
    const store = spreadStore(listener, async (call) => {
      const opened = await createSqliteStore({ path, clock });
      try {
        return await call(opened);
      } finally {
        await opened.close();
      }
    });
    // Whoever opens a store finishes what is pending: what tells of that goes through the one that stays open.
    const { eraseRows, eraseJobs, listErasures } = listener;
    return { store: { ...store, eraseRows, eraseJobs, listErasures }, clock, damage: damageIn(path) };
  },
});

describeStoreContract("The SQLite store, by turns through three connections,", {
  async create() {
    const clock = createFakeClock();
    const path = join(await temporaryFolder(), "store.db");
    const stores = await Promise.all([0, 1, 2].map(() => createSqliteStore({ path, clock, pollMs: 5 })));
    const [listener] = stores;
    if (listener === undefined) throw new Error("No store was opened.");
    let turn = 0;
    return {
      store: spreadStore(listener, (call) => {
        turn += 1;
        return call(stores[turn % stores.length] ?? listener);
      }),
      clock,
      damage: damageIn(path),
      dispose: async () => {
        for (const store of stores) await store.close();
      },
    };
  },
});

const textsOf: Readonly<Record<DamagedPart, string>> = {
  spec: "job_spec SET spec",
  snapshot: "job_snapshot SET snapshot",
  event: "event SET data",
  lead: "lead SET lead",
  task_result: "task_result SET value",
  checkpoint: "checkpoint SET state",
};

/** Writes into a database's file past the store. */
function damageIn(path: string) {
  return async (jobId: string, part: DamagedPart, text: string) => {
    const connection = openConnection(path);
    await connection.write(() => {
      connection.run("UPDATE job SET revision = revision + 1 WHERE id = ?", [jobId]);
      connection.run(
        `UPDATE ${textsOf[part]} = ? WHERE job = (SELECT ordinal FROM job WHERE id = ?)${part === "event" ? " AND seq = 2" : ""}`,
        [text, jobId],
      );
    });
    connection.close();
  };
}

describe("A SQLite store", () => {
  it("keeps everything when it is closed and opened again", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const first = await createSqliteStore({ path });
    const { job } = await first.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    const key = await first.suppressionKey();
    await first.close();
    const second = await createSqliteStore({ path });
    expect(await second.readJob("a")).toEqual(job);
    expect(await second.suppressionKey()).toBe(key);
    await second.close();
  });

  it("makes a suppression key of its own for every database, from 32 random bytes", async () => {
    const folder = await temporaryFolder();
    const keyOf = async (name: string, randomBytes?: (size: number) => Uint8Array) => {
      const store = await createSqliteStore({
        path: join(folder, name),
        ...(randomBytes === undefined ? {} : { randomBytes }),
      });
      const key = await store.suppressionKey();
      await store.close();
      return key;
    };
    const keys = [await keyOf("a.db"), await keyOf("b.db")];
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[0]).not.toBe(keys[1]);
    expect(await keyOf("c.db", (size) => new Uint8Array(size).fill(7))).toBe("07".repeat(32));
    expect(await keyOf("a.db")).toBe(keys[0]);
  });

  it("gives back megabytes in every place that holds JSON", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const store = await createSqliteStore({ path });
    const big = "漢字 and \u0000 and 'quotes' ".repeat(100_000);
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    const value = JSON.stringify({ big: [big, big, big, big] });
    const { job } = await store.updateJob("a", (current) => ({
      patch: {
        snapshot: { ...current.snapshot, progress: { ...current.snapshot.progress, currentItem: big } },
      },
      events: [{ type: "log", data: { level: "info", code: "test", message: big } }],
      taskResults: [{ kind: "k", itemId: "1", inputDigest: "d", value }],
    }));
    expect(job.snapshot.progress.currentItem).toBe(big);
    const other = await createSqliteStore({ path });
    expect(await other.readJob("a")).toEqual(job);
    expect((await other.readEvents("a", 1, 1))[0]?.data.message).toBe(big);
    expect((await other.readTaskResults("a", "k", ["1"])).get("1")?.value).toBe(value);
    await store.close();
    await other.close();
  });

  it("moves its log into the database when it is closed, and can be closed twice", async () => {
    const folder = await temporaryFolder();
    const store = await createSqliteStore({ path: join(folder, "store.db") });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    await store.close();
    await store.close();
    const left = readdirSync(folder).filter((name) => name.endsWith("-wal"));
    for (const name of left) expect(statSync(join(folder, name)).size).toBe(0);
  });

  it("says that it was closed to who uses it afterwards", async () => {
    const store = await createSqliteStore({ path: join(await temporaryFolder(), "store.db") });
    await store.close();
    await expect(store.readJob("a")).rejects.toMatchObject({ code: "store_unavailable", retryable: false });
    await expect(store.updateJob("a", () => ({}))).rejects.toMatchObject({ code: "store_unavailable" });
    expect(() => store.onNews("a", () => {})()).not.toThrow();
  });
});
