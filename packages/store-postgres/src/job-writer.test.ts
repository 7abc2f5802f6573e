import type { JobChange, Store } from "@cmo/engine";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createPostgresStore } from "./postgres-store.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A store with these jobs, and a connection beside it. */
async function open(jobIds: readonly string[]): Promise<{ store: Store; schema: string; other: pg.Client }> {
  const schema = newSchema();
  const store = await createPostgresStore({ url: server.url, schema, connections: 6 });
  const other = new pg.Client({ connectionString: server.url });
  await other.connect();
  onTestFinished(async () => {
    await other.end();
    await store.close();
  });
  for (const id of jobIds) await store.createJob(buildNewJob({ id }), [queuedDraft]);
  return { store, schema, other };
}

const noted: JobChange = { events: [{ type: "log", data: { level: "info", code: "test", message: "m" } }] };

describe("What several jobs want written at the same time", () => {
  it("goes in transactions of limited size, in which a change that is larger is by itself", async () => {
    const jobIds = Array.from({ length: 12 }, (_, index) => `job-${index}`);
    const { store, schema, other } = await open(jobIds);
    const value = JSON.stringify("x".repeat(3_000_000));
    const change = { taskResults: [{ kind: "k", itemId: "1", inputDigest: "d", value }] };
    await Promise.all(jobIds.map((id) => store.updateJob(id, () => change)));
    const { rows } = await other.query<{ jobs: number; bytes: number }>(
      `SELECT count(*)::integer AS jobs, sum(octet_length(value))::integer AS bytes
        FROM "${schema}".task_result GROUP BY xmin::text`,
    );
    expect(rows.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(jobIds.length);
    expect(Math.max(...rows.map(({ bytes }) => bytes))).toBeLessThanOrEqual(8_000_000 + value.length);
    // Small ones still go together.
    expect(Math.max(...rows.map(({ jobs }) => jobs))).toBe(3);
    await Promise.all(jobIds.map((id) => store.updateJob(id, () => noted)));
    const small = await other.query(`SELECT DISTINCT xmin::text FROM "${schema}".event WHERE seq = 2`);
    expect(small.rows.length).toBeLessThan(jobIds.length / 2);
  });

  it("does not wait for a job that somebody else holds: that one alone does", async () => {
    const free = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    const { store, schema, other } = await open(["held", "held too", "held as well", ...free]);
    await other.query(`BEGIN; SELECT 1 FROM "${schema}".job WHERE id LIKE 'held%' FOR UPDATE`);
    const settled: string[] = [];
    const write = (id: string) => store.updateJob(id, () => noted).then(() => settled.push(id));
    const waiting = ["held", "held too", "held as well"].map(write);
    await Promise.all(free.map(write));
    // Those that come later do not wait either.
    await Promise.all(free.map(write));
    expect(settled.filter((id) => id.startsWith("held"))).toEqual([]);
    await other.query("COMMIT");
    await Promise.all(waiting);
    expect(await store.readEvents("held as well", 0, 9)).toHaveLength(2);
  });

  it("does not fail with what somebody is in the way of for longer than a wait may take", async () => {
    const { store, schema, other } = await open(["a", "b", "c"]);
    await store.updateJob("a", () => ({ notes: [{ key: "held", value: "1" }] }));
    await other.query(`BEGIN; SELECT 1 FROM "${schema}".source_note WHERE key = 'held' FOR UPDATE`);
    let isWritten = false;
    const blocked = store
      .updateJob("a", () => ({ notes: [{ key: "held", value: "2" }] }))
      .then(() => {
        isWritten = true;
      });
    // They are in the batch of the one that waits, which ends with its lock's time-out.
    await Promise.all(["b", "c"].map((id) => store.updateJob(id, () => noted)));
    expect(isWritten).toBe(false);
    await other.query("COMMIT");
    await blocked;
    expect((await store.readNotes(["held"])).get("held")).toBe("2");
    for (const id of ["b", "c"]) expect(await store.readEvents(id, 0, 9)).toHaveLength(2);
  });
});
