import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningCmo } from "@cmo/command";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { migrations } from "@cmo/store-postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFleetFront } from "./fleet-front.ts";
import { endAll, startWorker } from "./start-worker.ts";

/** Databases as versions left them that were released with these schemas: see `scripts/write-golden.mjs`. */
const golden = new URL("../../store-postgres/test/golden/", import.meta.url);

describe("A database of an older schema", () => {
  let folder: string;
  let postgres: PostgresServer;
  const all: RunningCmo[] = [];
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-golden-"));
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await endAll(all);
    for (const client of clients) await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("is kept for each step of the schema", async () => {
    expect((await readdir(golden)).sort()).toEqual(
      migrations.map((_step, place) => `schema-${place + 1}.sql`).sort(),
    );
  });

  it.each(migrations.map((_step, place) => place + 1))(
    "S13 of step %i is brought up to date, and the job that was half done in it goes on where it was",
    async (step) => {
      const url = await restore(await readFile(new URL(`schema-${step}.sql`, golden), "utf8"), step);
      const client = new pg.Client({ connectionString: url });
      clients.push(client);
      await client.connect();
      const asked = `SELECT kind, item_id, input_digest, value, fetched_at FROM cmo.task_result
        WHERE job = (SELECT ordinal FROM cmo.job WHERE id = $1) ORDER BY id`;
      const front = await openFleetFront({ store: url, folder: join(folder, `${step}`) });
      const jobs = await front.store.listJobs({ limit: 9 });
      expect(jobs.map(({ status }) => status).sort()).toEqual(["queued", "running"]);
      const half = jobs.find(({ status }) => status === "running")?.id ?? "";
      const log = await front.store.readEvents(half, 0, 10_000);
      const { rows: known } = await client.query(asked, [half]);
      expect(known.length).toBeGreaterThan(0);

      all.push(await startWorker({ home: join(folder, "home"), store: url, leaseMs: 60_000 }));
      await Promise.all(jobs.map(({ id }) => front.read(id)));
      const looked = await front.expectUndisturbed(
        [half, ...jobs.map(({ id }) => id).filter((id) => id !== half)],
        () => all.map((one) => one.said()).join("\n"),
      );
      const [resumed] = looked;
      expect(resumed?.log.slice(0, log.length)).toEqual(log);
      expect(resumed?.job).toMatchObject({ epoch: 2, attempt: 1 });
      // What was answered then was not asked again.
      const { rows: answers } = await client.query(asked, [half]);
      expect(answers.slice(0, known.length)).toEqual(known);
      expect(answers.length).toBeGreaterThan(known.length);
      await front.close();
    },
  );

  /** A database of its own with these statements in it. */
  async function restore(sql: string, step: number): Promise<string> {
    const url = new URL(postgres.url);
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    const name = `${url.pathname.slice(1)}_${step}`;
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(sql);
    await client.end();
    return url.href;
  }
});
