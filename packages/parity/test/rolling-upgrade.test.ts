import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Client, createClient } from "@cmo/client";
import { heard, startCmo } from "@cmo/command";
import type { JobEvent } from "@cmo/engine";
import { createNodeHost, createRuntime } from "@cmo/runtime";
import { createPostgresStore, type Migration, migrations } from "@cmo/store-postgres";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { endAll } from "./start-worker.ts";
import { useWorkerPlace } from "./worker-place.ts";

const leaseMs = 60_000;

/** What the next version would add, and say that this one may go on. */
const adding: Migration = {
  name: "a test's own: something more",
  sql: `ALTER TABLE @.job ADD COLUMN told text;
    CREATE TABLE @.told (job bigint PRIMARY KEY REFERENCES @.job (ordinal) ON DELETE CASCADE, value text);
    CREATE INDEX job_by_told ON @.job (told) WHERE told IS NOT NULL;`,
  compatibleFrom: migrations.length,
};
/** What the version after it would change: nothing older may use it. */
const changing: Migration = {
  name: "a test's own: something else",
  sql: "ALTER TABLE @.event RENAME COLUMN v TO kind",
};

/** What reads as before, and must not be written to by who does not know it. */
const stricter: Migration = {
  name: "a test's own: something that older versions would leave out",
  sql: "ALTER TABLE @.job ADD COLUMN weight integer NOT NULL DEFAULT 1",
};

describe("A version that runs when a later one makes the schema another", () => {
  const place = useWorkerPlace(5_000);

  it("stops and writes nothing more: workers with an error, the API with one to each request, and the job goes on in a later version", async () => {
    const env = { CMO_STORE: place.postgres.url, XDG_DATA_HOME: join(place.folder, ".data") };
    const oldApi = startCmo(["serve", "--no-worker", "--port", "0"], place.folder, env);
    place.all.push(oldApi);
    const api = createClient({ baseUrl: await heard(oldApi, /(http:\/\/127\.0\.0\.1:\d+)/) });
    // Both before there is a job: it would not wait for the second one to be started.
    const workers = [await place.start(), await place.start()];
    const { jobId } = await api.submit({ config: lasting(configOf(5)) });
    await Promise.race(workers.map((worker) => heard(worker, /starts/)));
    while ((await place.front.store.readEvents(jobId, 0, 1_000)).length < 10) await wait(20);

    const steps = [...migrations, stricter];
    const store = await createPostgresStore({ url: place.postgres.url, steps, connections: 5 });
    const left = await store.readJob(jobId);
    expect(left).toMatchObject({ status: "running" });
    for (const worker of workers) {
      expect(await worker.ended, worker.said()).not.toBe(0);
      expect(worker.stderr()).toContain(
        `is of schema ${steps.length}; this version knows ${migrations.length}`,
      );
    }
    await expect(api.submit({ config: configOf(6) })).rejects.toMatchObject({ code: "store_newer" });
    await expect(api.cancel(jobId)).rejects.toMatchObject({ code: "store_newer" });
    expect(await store.readJob(jobId)).toEqual(left);

    const host = { ...createNodeHost(), env: { CMO_CACHE: "off" }, cwd: place.folder, home: place.folder };
    // The old ones' lease is short, so that nobody waits for it; with this one nobody loses the job again.
    const runtime = createRuntime({ host, store, leaseMs });
    const stop = new AbortController();
    const working = runtime.engine.startWorker({ concurrency: 1, signal: stop.signal });
    const types: string[] = [];
    for await (const event of runtime.engine.watch(jobId)) types.push(event.type);
    stop.abort();
    await working;
    expect(types.at(-1)).toBe("job.completed");
    expect(types.filter((type) => type === "job.started")).toHaveLength(1);
    expect(await store.readJob(jobId)).toMatchObject({
      status: "completed",
      epoch: (left?.epoch ?? 0) + 1,
      attempt: 1,
    });
    await runtime.close();
    await endAll(place.all);
  });
});

describe("Versions beside each other on one database", () => {
  const place = useWorkerPlace(leaseMs);

  const env = () => ({ CMO_STORE: place.postgres.url, XDG_DATA_HOME: join(place.folder, ".data") });

  /** A worker of the next version, in this process: today's code, which knows one step more. */
  async function startNextWorker() {
    const store = await createPostgresStore({
      url: place.postgres.url,
      steps: [...migrations, adding],
      connections: 5,
    });
    const host = { ...createNodeHost(), env: { CMO_CACHE: "off" }, cwd: place.folder, home: place.folder };
    const runtime = createRuntime({ host, store, leaseMs });
    const stop = new AbortController();
    return {
      work() {
        const working = runtime.engine.startWorker({ concurrency: 1, signal: stop.signal });
        return async () => {
          stop.abort();
          await working;
        };
      },
      close: () => runtime.close(),
    };
  }

  it("work on, come to the same, and start anew when the next one has added to the schema under them", async () => {
    const oldApi = startCmo(["serve", "--no-worker", "--port", "0"], place.folder, env());
    place.all.push(oldApi);
    const api = createClient({ baseUrl: await heard(oldApi, /(http:\/\/127\.0\.0\.1:\d+)/) });
    const oldWorker = await place.start();
    const ids = [(await api.submit({ config: configOf(1) })).jobId];
    const logs = ids.map((jobId) => watch(api, jobId));
    await heard(oldWorker, /starts/);
    await untilLog(ids[0] ?? "", 10);

    const next = await startNextWorker();
    expect(await stepsTaken()).toEqual([...migrations, adding].map(({ name }) => name));
    const stopNext = next.work();
    // Two at once: the old worker has one, the next version the other, or both after each other.
    for (const job of [2, 3]) ids.push((await api.submit({ config: configOf(job) })).jobId);
    logs.push(...ids.slice(1).map((jobId) => watch(api, jobId)));
    await Promise.all(logs);
    await stopNext();
    oldWorker.child.kill("SIGTERM");
    expect(await oldWorker.ended).toBe(0);

    // As a rollback does: today's version starts on what the next one has left, and does all of the work.
    const again = await place.start();
    ids.push((await api.submit({ config: configOf(4) })).jobId);
    logs.push(watch(api, ids.at(-1) ?? ""));
    await logs.at(-1);
    // It says so once it has let go of the job, whose log has ended by then.
    await heard(again, new RegExp(`${ids.at(-1)} is completed`));
    await next.close();

    const looked = await place.front.expectUndisturbed(ids, place.said);
    expect(await Promise.all(logs)).toEqual(looked.map(({ log }) => log));
    for (const { job } of looked) expect([job.epoch, job.attempt], place.said()).toEqual([1, 1]);
    await endAll(place.all);
  });

  it("say so and change nothing when a later version has made the schema another", async () => {
    const store = await createPostgresStore({
      url: place.postgres.url,
      steps: [...migrations, adding, changing],
    });
    await store.close();
    const before = await contents();
    for (const args of [["worker"], ["serve", "--port", "0"], ["jobs"]]) {
      const started = startCmo(args, place.folder, env());
      place.all.push(started);
      expect(await started.ended, started.said()).not.toBe(0);
      expect(started.stderr()).toContain(
        `is of schema ${migrations.length + 2}; this version knows ${migrations.length}`,
      );
      expect(started.stderr()).toContain(
        "Nothing was changed. Use the version of cmo that wrote it or a later one.",
      );
    }
    expect(await contents()).toEqual(before);
  });

  async function untilLog(jobId: string, events: number): Promise<void> {
    while ((await place.front.store.readEvents(jobId, 0, 1_000)).length < events) await wait(20);
  }

  async function stepsTaken(): Promise<readonly string[]> {
    const rows = await ask<{ name: string }>("SELECT name FROM cmo.migration ORDER BY version");
    return rows.map(({ name }) => name);
  }

  /** A digest of every table. */
  async function contents(): Promise<Readonly<Record<string, string>>> {
    const tables = await ask<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'cmo' ORDER BY tablename",
    );
    const digests: [string, string][] = [];
    for (const { name } of tables) {
      const [row] = await ask<{ digest: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(one::text, '|' ORDER BY one::text)), '') AS digest FROM cmo.${name} AS one`,
      );
      digests.push([name, row?.digest ?? ""]);
    }
    return Object.fromEntries(digests);
  }

  async function ask<R extends pg.QueryResultRow>(sql: string): Promise<readonly R[]> {
    const client = new pg.Client({ connectionString: place.postgres.url });
    await client.connect();
    const { rows } = await client.query<R>(sql);
    await client.end();
    return rows;
  }
});

async function watch(client: Client, jobId: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const event of client.watch(jobId, { giveUpAfterMs: 120_000 })) events.push(event);
  return events;
}

/** The same in a world whose fifth answer keeps whoever began with it waiting; who goes on with it needs fewer. */
function lasting(config: ReturnType<typeof configOf>) {
  return { ...config, source: { ...config.source, faults: [{ fault: "slow", at: 5, delay_ms: 14_000 }] } };
}

function configOf(job: number) {
  return {
    name: `upgrade ${job}`,
    params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 15 },
    source: { type: "simulator", seed: job + 1, repositories: 200, latency_ms: 60, concurrency: 1 },
  };
}
