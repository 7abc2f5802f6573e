import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startCmo } from "@cmo/command";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { createPostgresStore } from "@cmo/store-postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "./in-process.ts";
import { runCmo } from "./run-cmo.ts";

/** Each is a table that the copy comes by; the process ends while it waits there. */
const tables = ["suppressed", "first_seen", "event", "task_result", "lead", "shared"] as const;

describe("cmo store copy, killed in the middle", () => {
  let folder: string;
  let postgres: PostgresServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-copy-"));
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("S13 S14 leaves no half of a job to anybody, beside a worker; run again, it comes to its end", async () => {
    const config = {
      name: "moved",
      params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 25 },
      source: { type: "simulator", seed: 5, repositories: 200 },
    };
    const { log, files } = await runHere(config, { folder, store: "cmo.db" });
    expect((await runCmo(["suppress", "add", "octo-example", "--store", "cmo.db"], folder)).code).toBe(0);
    const copy = ["store", "copy", "cmo.db", postgres.url, "--output", "json"];
    const store = await createPostgresStore({ url: postgres.url });
    const worker = startCmo(["worker", "--store", postgres.url], folder);
    try {
      for (const table of tables) {
        const lock = await lockTable(postgres.url, table);
        const copying = startCmo(copy, folder);
        await lock.untilWaitedFor(copying.ended);
        copying.child.kill("SIGKILL");
        await copying.ended;
        await lock.release();
        expect(await store.listJobs({ tenant: "local", limit: 9 }), table).toEqual([]);
        expect(await store.readQueue(), table).toMatchObject({ claimable: 0 });
      }
      const done = await runCmo(copy, folder);
      expect(done).toMatchObject({ code: 0, stderr: "" });
      const { jobs, rows } = JSON.parse(done.stdout);
      expect(jobs).toHaveLength(1);
      expect(rows).toMatchObject({ suppressed: 1 });
      const [job, ...others] = await store.listJobs({ limit: 9 });
      expect({ id: job?.id, others }).toEqual({ id: jobs[0].id, others: [] });
      expect(await store.readEvents(job?.id ?? "", 0, 100_000)).toHaveLength(jobs[0].events);
      expect(log.length).toBeGreaterThan(5);

      // Leads, and so files, are the same from either store.
      const leads = (place: string) =>
        runCmo(["leads", job?.id ?? "", "--format", "csv", "--store", place], folder);
      const [here, there] = [await leads("cmo.db"), await leads(postgres.url)];
      expect(there.stdout).toBe(here.stdout);
      expect(there.stdout.split("\n").length).toBeGreaterThan(20);
      expect(Object.keys(files)).not.toEqual([]);
      expect(worker.said()).not.toContain(job?.id);
    } finally {
      worker.child.kill("SIGKILL");
      await worker.ended;
      await store.close();
    }
  });
});

/** Holds a table of the store, so that whoever writes to it waits. */
async function lockTable(url: string, table: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE cmo.${table} IN SHARE ROW EXCLUSIVE MODE`);
  return {
    async untilWaitedFor(ended: Promise<unknown>) {
      let isOver = false;
      void ended.then(() => {
        isOver = true;
      });
      for (;;) {
        const { rows } = await client.query(
          "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass",
          [`cmo.${table}`],
        );
        if (rows.length > 0) return;
        if (isOver) throw new Error(`The copy came to its end without ${table}.`);
        await wait(20);
      }
    },
    async release() {
      // What the killed process had asked for is undone by its connection's end.
      await client.query("ROLLBACK");
      await client.end();
    },
  };
}
