import { join } from "node:path";
import type { Job, Lead, Store } from "@cmo/engine";
import { buildLead, buildNewJob, buildSpec } from "@cmo/engine/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import { type Connection, openConnection } from "../connection.ts";
import { createSqliteStore } from "../sqlite-store.ts";
import { firstTables } from "./first-tables.ts";
import { migrate } from "./migrate.ts";

const day = 86_400_000;
const made = Date.parse("2030-01-01T00:00:00.000Z");

describe("A database of the first version", () => {
  it("keeps everything, and what it could not say is told in the way that keeps people's data the shortest sensible time", async () => {
    const spec = buildSpec();
    const { store } = await upgraded((connection) => {
      putJob(connection, { id: "old", status: "completed", finishedAt: made + 5 * day, spec });
      const months = { ...spec, retention: { days: 30 } };
      putJob(connection, { id: "young", status: "queued", parentJobId: "old", spec: months });
      connection.run(
        `INSERT INTO event VALUES (1, 1, ?, 1, 'log', '{"level":"info","code":"test","message":"kept"}')`,
        [made],
      );
      connection.run("INSERT INTO task_result VALUES (7, 1, 'people', 'U_1', 'digest', '\"kept\"')");
      connection.run("INSERT INTO suppressed VALUES ('hash')");
      connection.run("INSERT INTO first_seen VALUES ('campaign', 'U_1', '2029-12-01T00:00:00.000Z')");
      connection.run("INSERT INTO setting VALUES ('suppression_key', 'the key')");
    });
    expect(await store.readJob("old")).toMatchObject({
      spec,
      finishedAt: made + 5 * day,
      keepUntil: made + 95 * day,
      lastSeq: 1,
    });
    expect(await store.readJob("young")).toMatchObject({ keepUntil: made + 30 * day, parentJobId: "old" });
    expect((await store.listJobs({ expiredAt: made + 31 * day, limit: 9 })).map(({ id }) => id)).toEqual([
      "young",
    ]);
    expect(await store.readEvents("old", 0, 9)).toMatchObject([{ seq: 1, data: { message: "kept" } }]);
    expect((await store.readTaskResults("young", "people", ["U_1"])).get("U_1")).toEqual({
      kind: "people",
      itemId: "U_1",
      inputDigest: "digest",
      value: '"kept"',
      cacheKey: null,
      fetchedAt: made,
      inherited: true,
    });
    expect(await store.suppressionKey()).toBe("the key");
    expect(await store.listSuppressed({ limit: 9 })).toEqual([
      { kind: "login", hash: "hash", addedAt: made - day },
    ]);
    expect(await store.findSuppressed(["hash"])).toEqual(new Set(["hash"]));
    // As long as the job that is kept longest, and not a moment longer.
    expect(await store.eraseExpired({ firstSeen: made + 95 * day, notes: 0 })).toBe(0);
    expect(await store.readFirstSeen("campaign", ["U_1"])).toEqual(
      new Map([["U_1", { at: "2029-12-01T00:00:00.000Z", exportedAt: null }]]),
    );
    expect(await store.eraseExpired({ firstSeen: made + 95 * day + 1, notes: 0 })).toBe(1);
    // It is worked with as any other.
    const { job } = await store.updateJob("young", () => ({ patch: { keepUntil: 5 }, checkpoint: "{}" }));
    expect(job).toMatchObject({ keepUntil: 5 });
    expect(await store.listErasures(9)).toEqual([]);
  });

  it("has its leads sorted, searched and erased as new ones are", async () => {
    const leads = [
      buildLead({ rank: 1, login: "Zoe", name: null, score: 2.5 }),
      buildLead({ rank: 2, login: "ada", name: "Éva", bio: "Builds COMPILERS", contactable: false }),
      buildLead({ rank: 3, login: "Bob", name: "bob", lastActiveAt: "2029-01-01T00:00:00.000Z" }),
    ];
    const { store } = await upgraded((connection) => {
      putJob(connection, { id: "a", status: "completed" });
      putLeads(connection, leads);
    });
    await store.createJob(buildNewJob({ id: "new" }), []);
    await store.updateJob("new", () => ({ leads }));
    for (const id of ["a", "new"]) {
      const logins = async (filter: Partial<Parameters<Store["readLeads"]>[1]>) =>
        (await store.readLeads(id, { limit: 9, ...filter })).map((lead) => lead.login);
      expect(await store.readLeads(id, { limit: 9 })).toEqual(leads);
      expect(await logins({ sort: { by: "login", descending: false } })).toEqual(["ada", "Bob", "Zoe"]);
      expect(await logins({ sort: { by: "name", descending: true } })).toEqual(["ada", "Bob", "Zoe"]);
      expect(await logins({ sort: { by: "lastActiveAt", descending: false }, limit: 1 })).toEqual(["Bob"]);
      expect(await logins({ search: "compilers" })).toEqual(["ada"]);
      expect(await logins({ minScore: 3, contactable: true })).toEqual(["Bob"]);
      expect(await store.countLeads(id, { minScore: 2.5 })).toBe(3);
    }
    const erased = await store.eraseRows(
      ["zoe"],
      () => null,
      () => ({}),
    );
    expect([...erased].sort()).toEqual(["a", "new"]);
    expect(await store.countLeads("a", { minScore: 0 })).toBe(2);
    expect(await store.readLeads("a", { limit: 9, skip: 1 })).toEqual(leads.slice(2));
  });

  it("is taken on though a spec or a lead in it is damaged: who asks for that one hears of it", async () => {
    const { store } = await upgraded((connection) => {
      putJob(connection, { id: "a", status: "completed" });
      putLeads(connection, [buildLead()]);
      connection.run("UPDATE lead SET lead = '{'");
      putJob(connection, { id: "b", status: "completed" });
      connection.run("UPDATE job_spec SET spec = 'none' WHERE job = 2");
    });
    await expect(store.readLeads("a", { limit: 9 })).rejects.toMatchObject({ code: "store_corrupt" });
    await expect(store.readJob("b")).rejects.toMatchObject({ code: "store_corrupt" });
    expect(await store.readJob("a")).toMatchObject({ keepUntil: made + 90 * day });
  });
});

/** A store over a database of the first version that was filled by hand. */
async function upgraded(fill: (connection: Connection) => void): Promise<{ store: Store }> {
  const path = join(await temporaryFolder(), "store.db");
  const connection = openConnection(path);
  await migrate(connection, { now: () => made - day, steps: [firstTables] });
  fill(connection);
  connection.close();
  const store = await createSqliteStore({ path, clock: { now: () => made } });
  onTestFinished(() => store.close());
  return { store };
}

function putJob(connection: Connection, overrides: Partial<Job>): void {
  const job = buildNewJob(overrides);
  connection.run(
    `INSERT INTO job (id, revision, parent_job_id, created_at, status, priority, not_before, attempt, attempt_open,
      finished_at, last_seq, epoch) VALUES (?, 1, ?, ?, ?, 0, 0, 0, 1, ?, 1, 0)`,
    [job.id, job.parentJobId, made, job.status, job.finishedAt],
  );
  const ordinal = Number(connection.first("SELECT max(ordinal) FROM job")?.[0]);
  connection.run("INSERT INTO job_spec VALUES (?, ?)", [ordinal, JSON.stringify(job.spec)]);
  connection.run("INSERT INTO job_snapshot VALUES (?, ?)", [ordinal, JSON.stringify(job.snapshot)]);
}

function putLeads(connection: Connection, leads: readonly Lead[]): void {
  for (const lead of leads) {
    connection.run("INSERT INTO lead (job, rank, contactable, lead) VALUES (1, ?, ?, ?)", [
      lead.rank,
      lead.contactable ? 1 : 0,
      JSON.stringify(lead),
    ]);
  }
}
