import { createServer } from "node:net";
import { CmoError } from "@cmo/engine";
import {
  buildNewJob,
  createFakeClock,
  type DamagedPart,
  describeStoreContract,
  queuedDraft,
  spreadStore,
} from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCommitCutter } from "../test/commit-cutter.ts";
import { createPostgresStore } from "./postgres-store.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describeStoreContract("The PostgreSQL store", {
  async create() {
    const clock = createFakeClock();
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema, clock, connections: 4 });
    return { store, clock, damage: damageIn(schema) };
  },
});

describeStoreContract("The PostgreSQL store, by turns through three processes' worth of connections,", {
  async create() {
    const clock = createFakeClock();
    const schema = newSchema();
    // As behind a pooler, where nothing is prepared.
    const open = () =>
      createPostgresStore({
        url: server.url,
        directUrl: server.url,
        schema,
        clock,
        connections: 2,
        lookMs: 50,
      });
    const stores = await Promise.all([open(), open(), open()]);
    const [listener] = stores;
    let turn = 0;
    return {
      store: spreadStore(listener, (call) => {
        turn += 1;
        return call(stores[turn % stores.length] ?? listener);
      }),
      clock,
      damage: damageIn(schema),
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

/** Writes into a schema past the store. */
function damageIn(schema: string) {
  return async (jobId: string, part: DamagedPart, text: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`UPDATE "${schema}".job SET revision = revision + 1 WHERE id = $1`, [jobId]);
    await client.query(
      `UPDATE "${schema}".${textsOf[part]} = $2
        WHERE job = (SELECT ordinal FROM "${schema}".job WHERE id = $1)${part === "event" ? " AND seq = 2" : ""}`,
      [jobId, text],
    );
    await client.end();
  };
}

describe("A PostgreSQL store", () => {
  it("is made once by ten processes that start at once", async () => {
    const schema = newSchema();
    const stores = await Promise.all(
      Array.from({ length: 10 }, () => createPostgresStore({ url: server.url, schema, connections: 2 })),
    );
    const keys = await Promise.all(stores.map((store) => store.suppressionKey()));
    expect(new Set(keys).size).toBe(1);
    await Promise.all(
      stores.map((store, index) => store.createJob(buildNewJob({ id: `job_${index}` }), [queuedDraft])),
    );
    expect(await stores[0]?.listJobs({ limit: 99 })).toHaveLength(10);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("S05 finds what nobody told of: a notice that was lost, or that does not come through", async () => {
    const schema = newSchema();
    const elsewhere = new URL(server.url);
    elsewhere.pathname = "/postgres";
    const writer = await createPostgresStore({ url: server.url, schema });
    // It listens in another database, where it hears nothing.
    const reader = await createPostgresStore({
      url: server.url,
      directUrl: elsewhere.href,
      schema,
      lookMs: 30,
    });
    const rung = { a: 0, any: 0 };
    reader.onNews("a", () => {
      rung.a += 1;
    });
    reader.onNews(null, () => {
      rung.any += 1;
    });
    await writer.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    await expect.poll(() => Math.min(rung.a, rung.any)).toBeGreaterThan(0);
    // Until all is seen: then it rings no more by itself.
    let before = { ...rung };
    await expect
      .poll(async () => {
        const last = before;
        before = { ...rung };
        await pause(100);
        return last.a === rung.a && last.any === rung.any;
      })
      .toBe(true);
    await writer.updateJob("a", () => ({ patch: { attempt: 1 } }));
    await expect.poll(() => rung.a).toBeGreaterThan(before.a);
    await expect.poll(() => rung.any).toBeGreaterThan(before.any);
    await Promise.all([writer.close(), reader.close()]);
  });

  it("S35 keeps nobody from working while an erase looks through what has ended", async () => {
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema });
    const said = { type: "log", data: { level: "info", code: "x", message: "ada" } } as const;
    await store.createJob(buildNewJob({ id: "ended", status: "completed" }), [queuedDraft, said]);
    await store.createJob(buildNewJob({ id: "open", status: "running" }), [queuedDraft, said]);
    // Somebody is in the erase's way in the job that has ended.
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`BEGIN; SELECT 1 FROM "${schema}".event WHERE type = 'log' FOR UPDATE`);
    const erased = store.eraseRows(
      ["ada"],
      () => null,
      () => ({ patch: { priority: 7 } }),
    );
    await untilSomebodyWaits(client);
    expect((await store.updateJob("open", () => ({ patch: { attempt: 3 } }))).job.attempt).toBe(3);
    await client.query("COMMIT");
    await client.end();
    expect([...(await erased)].sort()).toEqual(["ended", "open"]);
    expect(await store.readJob("open")).toMatchObject({ attempt: 3, priority: 7 });
    for (const id of ["ended", "open"]) expect((await store.readEvents(id, 1, 9))[0]?.data).toEqual({});
    await store.close();
  });

  it("S35 erases somebody from a job that is being made when the erase begins", async () => {
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema });
    const said = { type: "log", data: { level: "info", code: "x", message: "ada" } } as const;
    await store.createJob(buildNewJob({ id: "model" }), [queuedDraft, said]);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`BEGIN; SET LOCAL search_path = "${schema}"`);
    const { rows } = await client.query(
      `SELECT string_agg(column_name, ', ') AS names FROM information_schema.columns WHERE table_schema = $1
        AND table_name = 'job' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'ordinal')`,
      [schema],
    );
    const { names } = rows[0];
    // Its place in the order of jobs is taken, and it is not committed yet when the next one is.
    await client.query(`INSERT INTO job (id, ${names}) SELECT 'late', ${names} FROM job WHERE id = 'model';
      INSERT INTO job_spec SELECT late.ordinal, spec, source FROM job_spec, job AS late WHERE late.id = 'late';
      INSERT INTO job_snapshot SELECT late.ordinal, snapshot FROM job_snapshot, job AS late WHERE late.id = 'late';
      INSERT INTO event SELECT late.ordinal, seq, at, v, type, data FROM event, job AS late WHERE late.id = 'late'`);
    await store.createJob(buildNewJob({ id: "newest" }), [queuedDraft]);
    const erased = store.eraseRows(
      ["ada"],
      () => null,
      () => ({}),
    );
    await untilSomebodyWaits(client);
    await client.query("COMMIT");
    await client.end();
    expect([...(await erased)].sort()).toEqual(["late", "model"]);
    for await (const row of store.findRows(["ada"])) expect(row).toBeUndefined();
    await store.close();
  });

  it("goes on with what nobody is in the way of, however many wait, and tells those that waited the time", async () => {
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema, connections: 6 });
    const ids = Array.from({ length: 12 }, (_, index) => `held_${index}`);
    for (const id of [...ids, "free"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`BEGIN; SELECT 1 FROM "${schema}".job WHERE id LIKE 'held%' FOR UPDATE`);
    const told: number[] = [];
    const waiting = ids.map((id) =>
      store.updateJob(id, (_job, now) => {
        told.push(now);
        return { patch: { attempt: 2 } };
      }),
    );
    await untilSomebodyWaits(client);
    expect((await store.updateJob("free", () => ({ patch: { attempt: 3 } }))).job.attempt).toBe(3);
    expect((await store.readJob("free"))?.attempt).toBe(3);
    expect(told).toEqual([]);
    const { rows } = await client.query("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now");
    await client.query("ROLLBACK");
    await client.end();
    for (const { job } of await Promise.all(waiting)) expect(job.attempt).toBe(2);
    // The times of those that had to wait are from after the wait.
    expect(Math.min(...told)).toBeGreaterThanOrEqual(Math.floor(Number(rows[0].now)));
    await store.close();
  });

  it("gives leases and events the database's time, whatever the clocks of the machines say", async () => {
    const store = await createPostgresStore({ url: server.url, schema: newSchema() });
    const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    let told = 0;
    await store.updateJob("a", (_job, now) => {
      told = now;
      return {};
    });
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now");
    const now = Number(rows[0].now);
    await client.end();
    expect(job.createdAt).toBeLessThanOrEqual(told);
    expect(told).toBeLessThanOrEqual(now);
    await store.close();
  });

  it("says what is wrong, and what to do, and repeats no password", async () => {
    const wrong = new URL(server.url);
    wrong.pathname = "/nowhere";
    wrong.password = "a secret that nobody sees";
    const refused = createPostgresStore({ url: wrong.href });
    await expect(refused).rejects.toMatchObject({ code: "store_unavailable", retryable: false });
    const away = createPostgresStore({ url: "postgres://cmo:hidden@127.0.0.1:1/cmo" });
    await expect(away).rejects.toMatchObject({
      code: "store_unavailable",
      retryable: true,
      message: "The store 127.0.0.1:1/cmo cannot be reached.",
    });
    for (const promise of [refused, away]) {
      const error = await promise.catch((thrown: Error) => thrown);
      expect(JSON.stringify([String(error), error])).not.toMatch(/secret|hidden/);
    }
  });

  it.each([
    ["has no TLS", Buffer.from("N")],
    ["shows what is no TLS", Buffer.from("S and then something else")],
  ])("says what to do where TLS is wanted and the server %s", async (_what, answer) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    await expect(
      createPostgresStore({ url: `postgres://cmo:hidden@127.0.0.1:${port}/cmo?sslmode=verify-full` }),
    ).rejects.toMatchObject({ code: "store_unavailable", hint: expect.stringContaining("sslmode") });
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses an address in which it is not clear where the password ends", async () => {
    for (const password of ["p@ss/word", "12/34", "1?23", "9#@"]) {
      const url = `postgres://cmo:${password}@127.0.0.1:1/jobs`;
      await expect(createPostgresStore({ url })).rejects.toMatchObject({
        code: "usage",
        message: "The address of the store is none.",
      });
    }
  });

  it.each([
    ["once it is done", "after", 2],
    ["before it is done", "before", 1],
  ] as const)("knows what became of a commit whose connection breaks %s", async (_when, when, lastSeq) => {
    const proxy = await openCommitCutter(server.url);
    const store = await createPostgresStore({ url: proxy.url, schema: newSchema(), connections: 2 });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    proxy.cut(when);
    let decided = 0;
    const writing = store.updateJob("a", () => {
      decided += 1;
      return { events: [{ type: "log", data: { level: "info", code: "x", message: "once" } }] };
    });
    if (when === "after") expect((await writing).job.lastSeq).toBe(2);
    else await expect(writing).rejects.toMatchObject({ code: "store_unavailable", retryable: true });
    expect(proxy.cuts()).toBe(1);
    expect(decided).toBe(1);
    expect((await store.readJob("a"))?.lastSeq).toBe(lastSeq);
    expect(await store.readEvents("a", 0, 9)).toHaveLength(lastSeq);
    await store.close();
    await proxy.close();
  });

  it("goes on when its connections are cut, in the middle of whatever it did, and misses no news", async () => {
    const schema = newSchema();
    const open = () => createPostgresStore({ url: server.url, schema, connections: 3, lookMs: 50 });
    const [writer, reader] = await Promise.all([open(), open()]);
    await writer.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    const killer = new pg.Client({ connectionString: server.url });
    await killer.connect();
    let isOver = false;
    let written = 0;
    let kills = 0;
    const seen: number[] = [];
    const killing = (async () => {
      while (!isOver) {
        const before = written + seen.length;
        await killer.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        kills += 1;
        // Something comes about between two cuts, or a slow machine would do nothing but connect.
        while (!isOver && written + seen.length === before) await pause(1);
        await pause(Math.random() * 15);
      }
    })();
    let rung = true;
    const stop = reader.onNews("a", () => {
      rung = true;
    });
    const writing = (async () => {
      for (let change = 0; change < 150; change += 1) {
        await again(() =>
          writer.updateJob("a", () => ({
            events: [{ type: "log", data: { level: "info", code: "x", message: `${change}` } }],
          })),
        );
        written += 1;
      }
    })();
    let isWritten = false;
    void writing.then(() => {
      isWritten = true;
    });
    while (seen.length < 151) {
      if (!rung) {
        await pause(5);
        continue;
      }
      rung = false;
      const events = await again(() => reader.readEvents("a", seen.length, 100));
      seen.push(...events.map(({ seq }) => seq));
      if (isWritten && events.length === 0 && seen.length < 151) rung = true;
    }
    await writing;
    isOver = true;
    await killing;
    expect(kills).toBeGreaterThan(3);
    stop();
    expect(seen).toEqual(Array.from({ length: 151 }, (_, index) => index + 1));
    const messages = (await reader.readEvents("a", 1, 200)).map(({ data }) => data.message);
    expect(messages).toEqual(Array.from({ length: 150 }, (_, index) => `${index}`));
    await killer.end();
    await Promise.all([writer.close(), reader.close()]);
  });
});

async function untilSomebodyWaits(client: pg.Client): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await client.query("SELECT count(*) FROM pg_locks WHERE NOT granted");
      return Number(rows[0].count);
    })
    .toBeGreaterThan(0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** As whoever uses a store does: what is worth another try gets one. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CmoError) || !error.retryable) throw error;
    }
  }
}
