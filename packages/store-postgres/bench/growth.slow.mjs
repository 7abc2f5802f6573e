// What the log of all jobs costs as it grows: bytes an event, appending, reading a page, erasing a job, retention, and
// a look through everything for a person, at a hundredth, a tenth and all of so many events. They are put in by the
// server, in the order in which ten workers would: a batch of one job, a batch of the next. Nothing is flushed to the
// disk, so that times are of the work and not of the disk. Minutes, therefore only by its name: `pnpm bench growth`, or
// `node packages/store-postgres/bench/growth.slow.mjs 10000000` for so many events. Build first.
import { createHash, createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import {
  createClock,
  createJobSpec,
  createUnifiedEngine,
  enforceRetention,
  parseCampaign,
} from "@cmo/engine";
import { newSchema, startPostgres } from "@cmo/postgres";
import pg from "pg";

const STORE = new URL(process.env.CMO_BENCH_STORE ?? "../dist/index.js", import.meta.url);

const EVENTS = 1_000_000;
const PER_JOB = 1_000;
/** So many jobs at once, each with so many events in a commit. */
const AT_ONCE = 10;
const BATCH = 20;
const APPENDS = 300;
const PAGES = 300;
const ERASED = 5;

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run(events = EVENTS) {
  const postgres = await startPostgres();
  const schema = newSchema();
  const { createPostgresStore } = await import(STORE.href);
  const store = await createPostgresStore({ url: postgres.url, schema, connections: 4 });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const sql = (text, values) => client.query(text.replaceAll("@.", `"${schema}".`), values);
  const place = { store, sql, ...campaignOf(store) };
  // The same moment of the same machine, with nothing in it.
  const empty = await createPostgresStore({ url: postgres.url, schema: newSchema(), connections: 4 });
  const beside = { store: empty, ...campaignOf(empty) };
  try {
    // Once to warm up what runs it.
    await measureAppends(place);
    await measureAppends(beside);
    const sizes = [];
    let filled = 0;
    for (const size of [events / 100, events / 10, events]) {
      const fillMs = await fill(place, filled, size);
      sizes.push({ size, added: size - filled, fillMs, ...(await measure(place, beside, size)) });
      filled = size;
      process.stderr.write(`${JSON.stringify(sizes.at(-1))}\n`);
    }
    return rowsOf(sizes);
  } finally {
    await client.end();
    await store.close();
    await empty.close();
    await postgres.stop();
  }
}

function rowsOf(sizes) {
  const last = sizes.at(-1);
  const [first] = sizes;
  const shownAt = (pick) => sizes.map((one) => `${pick(one)} at ${one.size}`).join(", ");
  return [
    {
      name: `bytes an event, index included, at ${last.size}`,
      value: last.bytes.all / last.size,
      limit: 400,
      detail: `table ${round(last.bytes.table / last.size)}, key ${round(last.bytes.index / last.size)}; depth of the key ${last.depth ?? "unknown"}`,
    },
    {
      name: "appending 100 events, p50, full / empty",
      ratio: last.appends.p50 / last.beside.p50,
      limit: 1.5,
      detail: shownAt((one) => `${times(one.appends)} against ${times(one.beside)}`),
    },
    {
      name: "a page of 500 events of any job, p50, full / a hundredth",
      ratio: last.pages.p50 / first.pages.p50,
      limit: 2,
      detail: shownAt(({ pages }) => times(pages)),
    },
    {
      name: "erasing a job of 10,000 events, p50 in ms",
      value: last.erases.p50,
      limit: 1_000,
      detail: shownAt(({ erases }) => times(erases)),
    },
    {
      name: "retention of 1 % of the jobs, ms for each",
      value: last.retention.msForEach,
      limit: 100,
      detail: shownAt(({ retention }) => `${retention.jobs} jobs in ${round(retention.eraseMs)} ms`),
    },
    {
      name: "VACUUM of the log after it, s for a million events",
      value: last.retention.vacuumMs / 1_000 / (last.size / 1e6),
      limit: 10,
      detail: shownAt(({ retention }) => `${round(retention.vacuumMs)} ms, said ${retention.state}`),
    },
    {
      name: "looking through all events for a person, s for a million",
      value: last.search.ms / 1_000 / (last.size / 1e6),
      limit: 30,
      detail: shownAt(({ search }) => `${round(search.ms)} ms`),
    },
  ];
}

async function measure(place, empty, size) {
  const { store, sql } = place;
  await sql("VACUUM ANALYZE @.event");
  // What the filling left to be written is not what appending costs.
  await sql("CHECKPOINT");
  const bytes = await bytesOf(sql);
  const depth = await depthOf(sql);
  const beside = await measureAppends(empty);
  const appends = await measureAppends(place);
  const { rows } = await sql(
    "SELECT id, last_seq FROM @.job WHERE id LIKE 'old_%' AND last_seq >= 600 ORDER BY md5(id) LIMIT $1",
    [PAGES],
  );
  const pages = [];
  for (const { id, last_seq: lastSeq } of rows) {
    const at = now();
    await store.readEvents(id, Math.floor((Number(lastSeq) - 500) / 2), 500);
    pages.push(now() - at);
  }
  const erases = [];
  for (let erase = 0; erase < ERASED; erase += 1) {
    const id = `big_${size}_${erase}`;
    const ordinal = await putInJobs(sql, `ARRAY['${id}']`, 10_000);
    await putInEvents(sql, { from: ordinal, jobs: 1, perJob: 10_000 });
    const at = now();
    await store.eraseJobs([id], "job");
    erases.push(now() - at);
  }
  const retention = await measureRetention(place, size);
  const at = now();
  let found = 0;
  for await (const _row of store.findRows(["nobody-of-this-name"])) found += 1;
  return {
    bytes,
    depth,
    beside,
    appends,
    pages: summed(pages),
    erases: summed(erases),
    retention,
    search: { ms: now() - at, found },
  };
}

async function measureAppends({ store, engine, spec }) {
  const { id } = await engine.submit(spec);
  const drafts = Array.from({ length: 100 }, (_, index) => draftOf(index));
  const taken = [];
  for (let append = 0; append < APPENDS; append += 1) {
    const at = now();
    await store.updateJob(id, () => ({ events: drafts }));
    taken.push(now() - at);
  }
  await store.eraseJobs([id], "job");
  return summed(taken);
}

async function measureRetention({ store, sql }, size) {
  const count = Math.max(1, Math.floor(size / PER_JOB / 100));
  // Of all ages, as jobs end whose retention differs.
  await sql(
    "UPDATE @.job SET keep_until = 0 WHERE ordinal IN (SELECT ordinal FROM @.job WHERE id LIKE 'old_%' ORDER BY md5(id) LIMIT $1)",
    [count],
  );
  const vacuumMs = [];
  const timed = {
    ...store,
    async finishErasures() {
      const at = now();
      const state = await store.finishErasures();
      vacuumMs.push(now() - at);
      return state;
    },
  };
  const at = now();
  const { jobs, state } = await enforceRetention({ store: timed, clock: createClock(globalThis) });
  const tookMs = now() - at;
  const eraseMs = tookMs - vacuumMs[0];
  return { jobs: jobs.length, state, eraseMs, msForEach: eraseMs / jobs.length, vacuumMs: vacuumMs[0] };
}

/** Puts in events, up to so many in all; gives what it took, in milliseconds. */
async function fill({ sql }, from, to) {
  const at = now();
  const jobs = Math.round((to - from) / PER_JOB);
  // A tenth of a million at a time, so that no statement is too long for anybody.
  const atOnce = 1_000;
  for (let done = 0; done < jobs; done += atOnce) {
    const some = Math.min(atOnce, jobs - done);
    const first = from / PER_JOB + done;
    const ordinal = await putInJobs(
      sql,
      `ARRAY(SELECT 'old_' || n FROM generate_series(${first}, ${first + some - 1}) AS n)`,
      PER_JOB,
    );
    await putInEvents(sql, { from: ordinal, jobs: some, perJob: PER_JOB });
  }
  return now() - at;
}

/** Jobs that have ended, with these ids; gives the first one's ordinal. */
async function putInJobs(sql, ids, lastSeq) {
  const { rows } = await sql(
    `INSERT INTO @.job (id, revision, tenant, created_at, queued_at, status, priority, not_before, attempt, attempt_open,
      last_seq, epoch, keep_until)
     SELECT id, 1, 'local', 1, 1, 'completed', 0, 0, 1, 1, $1, 1, 9000000000000 FROM unnest(${ids}) WITH ORDINALITY AS given (id, place)
     ORDER BY place RETURNING ordinal`,
    [lastSeq],
  );
  const ordinals = rows.map(({ ordinal }) => Number(ordinal));
  // Never read here, but a job is not whole without them.
  await sql(
    `WITH made AS (INSERT INTO @.job_spec SELECT unnest($1::bigint[]), $2)
     INSERT INTO @.job_snapshot SELECT unnest($1::bigint[]), $3`,
    [ordinals, SPEC_TEXT, "{}"],
  );
  return Math.min(...ordinals);
}

/** Events of jobs that were worked on ten at once, with texts as long as those of a campaign. */
function putInEvents(sql, { from, jobs, perJob }) {
  const atOnce = Math.min(AT_ONCE, jobs);
  return sql(
    `INSERT INTO @.event (job, seq, at, v, type, data)
     SELECT $1::bigint + (n / ($2 * $3::bigint)) * $2 + (n % ($2 * ${BATCH})) / ${BATCH},
       (n % ($2 * $3::bigint)) / ($2 * ${BATCH}) * ${BATCH} + n % ${BATCH} + 1,
       1780000000000 + n, 1,
       (ARRAY['tool.started','stage.progress','tool.completed','quota.updated','tool.started','stage.progress',
         'tool.completed','metrics','stage.progress','quota.updated'])[n % 10 + 1],
       CASE n % 10
         WHEN 0 THEN '{"callId":"1.' || n % 1000 || '","tool":"github.activity","inputDigest":"' || md5(n::text) || md5((n + 1)::text) || '"}'
         WHEN 4 THEN '{"callId":"1.' || n % 1000 || '","tool":"github.people","inputDigest":"' || md5(n::text) || md5((n + 1)::text) || '"}'
         WHEN 2 THEN '{"callId":"1.' || n % 1000 || '","tool":"github.activity","durationMs":' || n % 900 || ',"ok":true,"cost":1,"cached":false,"error":null}'
         WHEN 6 THEN '{"callId":"1.' || n % 1000 || '","tool":"github.people","durationMs":' || n % 900 || ',"ok":true,"cost":1,"cached":false,"error":null}'
         WHEN 3 THEN '{"resource":"graphql","limit":5000,"remaining":' || n % 5000 || ',"resetAt":"2026-11-27T19:36:43.000Z"}'
         WHEN 9 THEN '{"resource":"graphql","limit":5000,"remaining":' || n % 5000 || ',"resetAt":"2026-11-27T19:36:43.000Z"}'
         WHEN 7 THEN '{"metrics":{"profiles":' || n % 900 || ',"candidates":' || n % 3000 || '}}'
         ELSE '{"stage":"extraction","itemsProcessed":' || n % 700 || ',"itemsTotal":700,"currentItem":"' || substr(md5((n / 7)::text), 1, 20) || '","percent":' || n % 100 || '}'
       END
     FROM generate_series(0, $4::bigint - 1) AS n`,
    [from, atOnce, perJob, jobs * perJob],
  );
}

async function bytesOf(sql) {
  const { rows } = await sql(
    "SELECT pg_total_relation_size('@.event') AS all, pg_relation_size('@.event') AS table, pg_indexes_size('@.event') AS index",
  );
  return Object.fromEntries(Object.entries(rows[0]).map(([name, value]) => [name, Number(value)]));
}

/** How many pages are read to find a row by the key; null where the server has no way to say. */
async function depthOf(sql) {
  try {
    await sql("CREATE EXTENSION IF NOT EXISTS pageinspect");
    const { rows } = await sql("SELECT level + 1 AS depth FROM bt_metap('@.event_pkey')");
    return Number(rows[0].depth);
  } catch {
    return null;
  }
}

function draftOf(index) {
  const callId = `1.${index}`;
  return [
    {
      type: "tool.started",
      data: {
        callId,
        tool: "github.activity",
        inputDigest: createHash("sha256").update(callId).digest("hex"),
      },
    },
    {
      type: "stage.progress",
      data: {
        stage: "extraction",
        itemsProcessed: index,
        itemsTotal: 700,
        currentItem: "hollowforge-1/atomic-cache-2",
        percent: 12,
      },
    },
    {
      type: "tool.completed",
      data: {
        callId,
        tool: "github.activity",
        durationMs: 22,
        ok: true,
        cost: 1,
        cached: false,
        error: null,
      },
    },
    {
      type: "quota.updated",
      data: { resource: "graphql", limit: 5_000, remaining: index, resetAt: "2026-11-27T19:36:43.000Z" },
    },
  ][index % 4];
}

const AGENT = { name: "idle", version: "1.0.0", plan: () => ["only"], run: async () => {} };
const CAMPAIGN = parseCampaign({ name: "bench", source: "simulator" });
const SPEC_TEXT = JSON.stringify(createJobSpec(CAMPAIGN.value, { agent: AGENT, now: new Date(0) }));

function campaignOf(store) {
  const digest = (key) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));
  const clock = createClock(globalThis);
  const engine = createUnifiedEngine({ agent: AGENT, store, clock, random: Math.random, digest });
  return { engine, spec: createJobSpec(CAMPAIGN.value, { agent: AGENT, now: new Date(clock.now()) }) };
}

const now = () => Number(process.hrtime.bigint()) / 1e6;
const round = (value) => Math.round(value);
const times = ({ p50, p99 }) => `${p50.toFixed(1)}/${p99.toFixed(1)} ms`;

function summed(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)]);
  return { p50, p99 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , count = `${EVENTS}`] = process.argv;
  for (const row of await run(Number(count))) console.log(JSON.stringify(row));
}
