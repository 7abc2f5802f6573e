// How soon a worker begins with a job, and how many it gets through, on a SQLite file, with an agent that does nothing.
// "Claim to start" is from the commit of the claim (the store has answered that the job is taken) to the first line of
// the agent; what comes before, hearing of the job, is a poll when another process has put it in, and shown beside it.
// Usage: node packages/store-sqlite/bench/worker.mjs (after a build).
import { fork } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClock, createJobSpec, createUnifiedEngine, parseCampaign } from "@cmo/engine";
import { bareDatabase, claimBare } from "./support/bare.mjs";

const here = fileURLToPath(import.meta.url);
const STORE = new URL(process.env.CMO_BENCH_STORE ?? "../dist/index.js", import.meta.url);

const STARTS = 500;
const STARTS_FROM_AFAR = 150;
const JOBS = 1_000;
const ROUNDS = 5;

/** @returns {Promise<{ name: string; ratio?: number; value?: number; limit?: number; ok?: boolean; detail: string }[]>} */
export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "cmo-bench-worker-"));
  try {
    return [
      await measureStart(join(folder, "near.db"), STARTS, submitHere),
      await measureStart(join(folder, "far.db"), STARTS_FROM_AFAR, submitFromAfar),
      await measureJobs((round) => join(folder, `jobs-${round}.db`)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One job after the other, each for a worker that has been idle for a while. */
async function measureStart(path, count, openSubmitter) {
  let claimedAt = 0;
  let started = () => {};
  const { engine, store, spec } = await openEngine(path, {
    onClaimed: () => {
      claimedAt = now();
    },
    run: async () => started(now()),
  });
  const stop = new AbortController();
  const working = engine.startWorker({ signal: stop.signal });
  const submitter = await openSubmitter({ engine, spec, path });
  const fromClaim = [];
  const fromSubmit = [];
  for (let job = 0; job < count; job += 1) {
    // The job before has ended, and the poll of the store is at another moment each time.
    await new Promise((resolve) => setTimeout(resolve, 10 + ((job * 7) % 50)));
    const startedAt = await new Promise((resolve, reject) => {
      started = resolve;
      submitter.submit().catch(reject);
    });
    fromClaim.push(startedAt - claimedAt);
    fromSubmit.push(startedAt - (await submitter.submittedAt()));
  }
  stop.abort();
  await working;
  await submitter.close();
  await store.close();
  const value = percentile(fromClaim, 0.99);
  return {
    name: `claim to start on an idle worker, ms at p99, ${submitter.name}`,
    value,
    limit: 20,
    ok: value < 20,
    detail: `below; ${shown(fromClaim)}; from submit to start ${shown(fromSubmit)}; ${count} jobs`,
  };
}

async function submitHere({ engine, spec }) {
  let at = 0;
  return {
    name: "submitted in its process",
    async submit() {
      at = now();
      await engine.submit(spec);
    },
    submittedAt: async () => at,
    close: async () => {},
  };
}

async function submitFromAfar({ path }) {
  const child = fork(here, ["--submit", path]);
  const next = () => new Promise((resolve) => child.once("message", resolve));
  await next();
  let answered = null;
  return {
    name: "submitted in another process",
    async submit() {
      answered = next();
      child.send("submit");
    },
    submittedAt: async () => Number(await answered),
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.send("end");
      await ended;
    },
  };
}

/** The other process: puts a job in whenever it is told to, and says when it began to. */
async function submitWhenTold(path) {
  const { engine, store, spec } = await openEngine(path, { run: async () => {} });
  process.on("message", async (told) => {
    if (told === "end") {
      await store.close();
      process.disconnect();
      return;
    }
    const at = now();
    await engine.submit(spec);
    process.send(at);
  });
  process.send("ready");
}

/** One worker through its whole loop, against two bare transactions for each job of the same file. */
async function measureJobs(pathOf) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const path = pathOf(round);
    let left = JOBS;
    const { engine, store, spec } = await openEngine(path, {
      run: async () => {
        left -= 1;
      },
    });
    let last = null;
    for (let job = 0; job < JOBS; job += 1) last = await engine.submit(spec);
    const stop = new AbortController();
    const startedAt = now();
    const working = engine.startWorker({ signal: stop.signal });
    while (left > 0 || (await engine.job(last.id))?.finishedAt === null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const subject = (now() - startedAt) / 1_000;
    stop.abort();
    await working;
    await store.close();

    const bare = bareDatabase(path);
    bare.database.exec(
      "UPDATE job SET status = 'queued'; DELETE FROM event WHERE seq > 1; PRAGMA wal_checkpoint(TRUNCATE)",
    );
    const bareAt = now();
    await claimBare(bare);
    const reference = (now() - bareAt) / 1_000;
    bare.database.close();
    rounds.push({ subject, reference, ratio: reference / subject });
  }
  const { subject, reference, ratio } = rounds.sort((a, b) => a.ratio - b.ratio)[Math.floor(ROUNDS / 2)];
  const perSecond = (took) => `${Math.round(JOBS / took)} jobs/s`;
  return {
    name: "one worker, no-op jobs: speed against a bare claim and finish in SQL",
    ratio,
    ok: true,
    detail: `no limit; ${perSecond(subject)}, bare ${perSecond(reference)}`,
  };
}

async function openEngine(path, { run, onClaimed = () => {} }) {
  const { createSqliteStore } = await import(STORE.href);
  const clock = createClock(globalThis);
  const bare = await createSqliteStore({ path, clock });
  const store = {
    ...bare,
    async claimNext(request, decide) {
      const written = await bare.claimNext(request, decide);
      if (written !== null) onClaimed();
      return written;
    },
  };
  const agent = { name: "idle", version: "1.0.0", plan: () => ["only"], run };
  const digest = (key) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));
  const engine = createUnifiedEngine({ agent, store, clock, random: Math.random, digest });
  const parsed = parseCampaign({ name: "bench", source: "simulator" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { engine, store, spec: createJobSpec(parsed.value, { agent, now: new Date(clock.now()) }) };
}

/** Milliseconds of the machine's monotonic clock, which processes share. */
function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}

function shown(values) {
  const [p50, p99, most] = [percentile(values, 0.5), percentile(values, 0.99), Math.max(...values)];
  return `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, most ${most.toFixed(2)} ms`;
}

if (process.argv[1] === here) {
  if (process.argv[2] === "--submit") await submitWhenTold(process.argv[3]);
  else for (const row of await run()) console.log(JSON.stringify(row));
}
