// The queue on PostgreSQL beside graphile-worker on the same database in one run: no-op jobs a second, and how soon an
// idle worker begins; the same with a million jobs in the table; an event from the process that appends it to a reader of
// another; and two workers against one. Build first.
import { createHash, createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createClock, createJobSpec, createUnifiedEngine, parseCampaign } from "@cmo/engine";
import { newSchema, startPostgres } from "@cmo/postgres";
import { Logger, run as runGraphile } from "graphile-worker";
import pg from "pg";

const STORE = new URL(process.env.CMO_BENCH_STORE ?? "../dist/index.js", import.meta.url);

const JOBS = 1_500;
const CONCURRENCY = 10;
const STARTS = 150;
const ROUNDS = 3;
const MANY = 1_000_000;

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  // As it is run where somebody needs it: commits are flushed.
  const postgres = await startPostgres({ durable: true });
  try {
    const schema = newSchema();
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({
        bare: await graphileRate(postgres.url),
        own: await ownRate(postgres.url, schema),
        fronted: await frontedRate(postgres.url, schema),
      });
    }
    const starts = { bare: await graphileStarts(postgres.url), own: await ownStarts(postgres.url, schema) };
    await fillWithEnded(postgres.url, schema);
    const full = { rate: await ownRate(postgres.url, schema), starts: await ownStarts(postgres.url, schema) };
    const { bare, own, fronted } = rounds.toSorted(
      (one, other) => one.own / one.bare - other.own / other.bare,
    )[1];
    const ownAll = rounds.map((round) => round.own).toSorted((one, other) => one - other);
    return [
      atLeast(
        "no-op jobs a second / graphile-worker, row, log and lease included",
        own / bare,
        0.5,
        `${rate(own)} against ${rate(bare)}, ${CONCURRENCY} at once, median of ${ROUNDS} pairs`,
      ),
      atLeast(
        "no-op jobs a second by the store's queue / by graphile-worker, which hands each to the same engine",
        own / fronted,
        1,
        `${rate(own)} against ${rate(fronted)}`,
      ),
      atMost(
        "from a job to its start, p50 / graphile-worker",
        p50(starts.own) / p50(starts.bare),
        3,
        `${shown(starts.own)} against ${shown(starts.bare)}`,
      ),
      atLeast(
        "no-op jobs a second with a million jobs in the table / without",
        full.rate / ownAll[1],
        0.8,
        `${rate(full.rate)} against ${rate(ownAll[1])}`,
      ),
      atMost(
        "from a job to its start, p50, with a million jobs / without",
        p50(full.starts) / p50(starts.own),
        1.2,
        `${shown(full.starts)} against ${shown(starts.own)}`,
      ),
      await handOver(postgres.url),
      await eventLag(postgres.url),
      await twoWorkers(postgres.url),
    ];
  } finally {
    await postgres.stop();
  }
}

async function graphileRate(url) {
  let left = JOBS;
  let done = () => {};
  const runner = await graphile(url, async () => {
    left -= 1;
    if (left === 0) done();
  });
  await runner.stop();
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(
    "SELECT graphile_worker.add_job('noop', json_build_object('n', n)) FROM generate_series(1, $1) AS n",
    [JOBS],
  );
  const finished = new Promise((resolve) => {
    done = resolve;
  });
  const startedAt = now();
  const working = await graphile(url, async () => {
    left -= 1;
    if (left === 0) done();
  });
  await finished;
  const took = now() - startedAt;
  await working.stop();
  await pool.end();
  return (JOBS * 1_000) / took;
}

async function graphileStarts(url) {
  let started = () => {};
  const runner = await graphile(url, async () => started(now()));
  const times = [];
  for (let job = 0; job < STARTS; job += 1) {
    await idle(job);
    const begun = new Promise((resolve) => {
      started = resolve;
    });
    const at = now();
    await runner.addJob("noop", {});
    times.push((await begun) - at);
  }
  await runner.stop();
  return times;
}

function graphile(url, work) {
  return runGraphile({
    connectionString: url,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    pollInterval: 1_000,
    maxPoolSize: CONCURRENCY + 2,
    logger: new Logger(() => () => {}),
    taskList: { noop: (payload) => work(payload) },
  });
}

async function ownRate(url, schema) {
  let left = JOBS;
  let done = () => {};
  const place = await open(url, schema, async () => {
    left -= 1;
    if (left === 0) done();
  });
  for (let job = 0; job < JOBS; job += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, JOBS - job) }, () => place.engine.submit(place.spec)),
    );
  }
  const finished = new Promise((resolve) => {
    done = resolve;
  });
  const startedAt = now();
  const worker = place.work(CONCURRENCY);
  await finished;
  const took = now() - startedAt;
  await worker.stop();
  await place.close();
  return (JOBS * 1_000) / took;
}

/** Jobs that graphile-worker dispatches by their ids, and the engine works on under the same lease and with the same log. */
async function frontedRate(url, schema) {
  let left = JOBS;
  let done = () => {};
  const place = await open(url, schema, async () => {});
  const ids = [];
  for (let job = 0; job < JOBS; job += 50) {
    const jobs = await Promise.all(
      Array.from({ length: Math.min(50, JOBS - job) }, () => place.engine.submit(place.spec)),
    );
    ids.push(...jobs.map(({ id }) => id));
  }
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(
    "SELECT graphile_worker.add_job('noop', json_build_object('id', id), job_key := id) FROM unnest($1::text[]) AS id",
    [ids],
  );
  const finished = new Promise((resolve) => {
    done = resolve;
  });
  const startedAt = now();
  const working = await graphile(url, async ({ id }) => {
    await place.engine.attend(id);
    left -= 1;
    if (left === 0) done();
  });
  await finished;
  const took = now() - startedAt;
  await working.stop();
  await pool.end();
  await place.close();
  return (JOBS * 1_000) / took;
}

/** From the last sign of life of a worker that was ended without a word to its job in the hands of another. */
async function handOver(url) {
  const { createPostgresStore } = await import(STORE.href);
  const leaseMs = 2_000;
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    const schema = newSchema();
    let taken = () => {};
    const next = new Promise((resolve) => {
      taken = resolve;
    });
    const place = await open(url, schema, async () => taken(now()), leaseMs);
    const dying = await createPostgresStore({ url, schema, connections: 1 });
    const { id } = await place.engine.submit(place.spec);
    await dying.claimNext({ jobId: id }, (job, at) => ({
      patch: {
        status: "running",
        epoch: job.epoch + 1,
        attempt: 1,
        attemptOpen: false,
        leaseOwner: "dead",
        leaseUntil: at + leaseMs,
        startedAt: at,
      },
      events: [],
    }));
    const at = now();
    await dying.close();
    const worker = place.work(1);
    times.push((await next) - at);
    await worker.stop();
    await place.close();
  }
  return atMost(
    "from a worker's death to its job in another's hands / lease",
    Math.max(...times) / leaseMs,
    2,
    `${shown(times)}, lease ${leaseMs} ms, look for jobs every 1,000 ms`,
  );
}

async function ownStarts(url, schema) {
  let started = () => {};
  const place = await open(url, schema, async () => started(now()));
  const worker = place.work(CONCURRENCY);
  const times = [];
  for (let job = 0; job < STARTS; job += 1) {
    await idle(job);
    const begun = new Promise((resolve) => {
      started = resolve;
    });
    const at = now();
    await place.engine.submit(place.spec);
    times.push((await begun) - at);
  }
  await worker.stop();
  await place.close();
  return times;
}

/** Jobs that have ended, as many as years of use leave. */
async function fillWithEnded(url, schema) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `INSERT INTO "${schema}".job (id, revision, tenant, created_at, queued_at, status, priority, not_before, attempt,
      attempt_open, last_seq, epoch, keep_until)
     SELECT 'old_' || n, 1, 'local', n, n, 'completed', 0, 0, 1, 1, 1, 1, 9000000000000 FROM generate_series(1, $1::bigint) AS n`,
    [MANY],
  );
  await client.query(`VACUUM ANALYZE "${schema}".job`);
  // What the filling left to be written is not what is measured.
  await client.query("CHECKPOINT");
  await client.end();
}

/** Two processes' worth of connections: one appends, one waits for news and reads. */
async function eventLag(url) {
  const { createPostgresStore } = await import(STORE.href);
  const schema = newSchema();
  const writer = await createPostgresStore({ url, schema });
  const reader = await createPostgresStore({ url, schema });
  const place = await open(url, schema, async () => {});
  const { id } = await place.engine.submit(place.spec);
  const lags = [];
  let after = 1;
  let rung = () => {};
  const stop = reader.onNews(id, () => rung());
  await idle(50);
  for (let event = 0; event < 500; event += 1) {
    const heard = new Promise((resolve) => {
      rung = async () => {
        const events = await reader.readEvents(id, after, 10);
        if (events.length > 0) resolve(events.length);
      };
    });
    const at = now();
    await writer.updateJob(id, () => ({
      events: [{ type: "log", data: { level: "info", code: "bench", message: `${event}` } }],
    }));
    after += await heard;
    lags.push(now() - at);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  stop();
  await Promise.all([writer.close(), reader.close(), place.close()]);
  const value = lags.toSorted((one, other) => one - other)[Math.floor(lags.length * 0.99)];
  return {
    name: "from the append of one process to a reader of another, p99 in ms",
    value,
    limit: 100,
    detail: shown(lags),
  };
}

/** Jobs that wait for their source, as campaigns do, each worker with a source of its own. */
async function twoWorkers(url) {
  const rates = {};
  for (const workers of [1, 2]) {
    const schema = newSchema();
    let left = 60;
    let done = () => {};
    const finished = new Promise((resolve) => {
      done = resolve;
    });
    const places = await Promise.all(
      Array.from({ length: workers }, () =>
        open(url, schema, async () => {
          await new Promise((resolve) => setTimeout(resolve, 60));
          left -= 1;
          if (left === 0) done();
        }),
      ),
    );
    for (let job = 0; job < 60; job += 1) await places[0].engine.submit(places[0].spec);
    const startedAt = now();
    const working = places.map((place) => place.work(1));
    await finished;
    rates[workers] = 60_000 / (now() - startedAt);
    for (const worker of working) await worker.stop();
    for (const place of places) await place.close();
  }
  return atLeast(
    "throughput of two workers / one, on sources of their own",
    rates[2] / rates[1],
    1.7,
    `${rate(rates[2])} against ${rate(rates[1])}, jobs that wait 60 ms`,
  );
}

async function open(url, schema, work, leaseMs = 30_000) {
  const { createPostgresStore } = await import(STORE.href);
  const clock = createClock(globalThis);
  const store = await createPostgresStore({ url, schema, connections: CONCURRENCY + 2 });
  const agent = { name: "idle", version: "1.0.0", plan: () => ["only"], run: work };
  const digest = (key) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));
  const engine = createUnifiedEngine({ agent, store, clock, random: Math.random, digest, leaseMs });
  const parsed = parseCampaign({ name: "bench", source: "simulator" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    engine,
    spec: createJobSpec(parsed.value, { agent, now: new Date(clock.now()) }),
    work(concurrency) {
      const stop = new AbortController();
      const working = engine.startWorker({ concurrency, signal: stop.signal });
      return {
        async stop() {
          stop.abort();
          await working;
        },
      };
    },
    close: () => store.close(),
  };
}

const idle = (job) => new Promise((resolve) => setTimeout(resolve, 10 + ((job * 7) % 40)));
const now = () => Number(process.hrtime.bigint()) / 1e6;
const rate = (value) => `${Math.round(value)} jobs/s`;
const p50 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
const atLeast = (name, ratio, limit, detail) => ({
  name,
  ratio,
  limit,
  ok: ratio >= limit,
  detail: `at least; ${detail}`,
});
const atMost = (name, ratio, limit, detail) => ({ name, ratio, limit, detail: `at most; ${detail}` });

function shown(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const [middle, late] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)].toFixed(1));
  return `p50 ${middle}, p99 ${late} ms`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const row of await run()) console.log(JSON.stringify(row));
