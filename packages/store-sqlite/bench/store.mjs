// What the store costs beside bare libsql on a file of the same settings: appending events in batches with all that a
// worker writes with them, and taking and ending jobs. And that a page of ten thousand jobs costs what a page of a hundred does.
// Usage: node packages/store-sqlite/bench/store.mjs (after a build).
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bareDatabase, claimBare } from "./support/bare.mjs";

const STORE = new URL(process.env.CMO_BENCH_STORE ?? "../dist/index.js", import.meta.url);

const ROUNDS = 5;
const EVENTS = 20_000;
const JOBS = 3_000;

/** @returns {Promise<{ name: string; ratio?: number; value?: number; limit?: number; ok?: boolean; detail: string }[]>} */
export async function run() {
  const { createSqliteStore } = await import(STORE.href);
  const { chainEvents, foldProgress, foldSummary, initialProgress, initialSummary, ...engine } = await import(
    "@cmo/engine"
  );
  const folder = mkdtempSync(join(tmpdir(), "cmo-bench-store-"));
  let files = 0;
  const newPath = () => join(folder, `${files++}.db`);
  const parts = {
    createSqliteStore,
    chainEvents,
    foldProgress,
    foldSummary,
    initialProgress,
    initialSummary,
    spec: specOf(engine),
    newPath,
  };
  try {
    const results = [];
    for (const size of [1, 10, 100, 1_000]) results.push(await measureAppend(parts, size));
    results.push(await measureChain(parts, "all canonical", 1));
    results.push(await measureChain(parts, "one in a hundred canonical", 100));
    results.push(await measureSnapshot(parts));
    results.push(await measureJobs(parts));
    results.push(await measurePages(parts));
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Both store the same events, from the same objects, in transactions of the same size. The store does it as it does for
 * a worker: the job's row and the folds of its log are read and written with them.
 */
async function measureAppend(parts, size) {
  const drafts = Array.from({ length: size }, (_, index) => draftOf(index));
  const transactions = Math.max(20, Math.floor(EVENTS / size / (size === 1 ? 4 : 1)));
  const store = await parts.createSqliteStore({ path: parts.newPath() });
  const { job } = await store.createJob(jobOf(parts, "a"), [queued]);
  const folds = busyFolds(job);
  const bare = bareDatabase(parts.newPath());
  bare.database.exec(
    "CREATE TABLE event (job, seq, at, v, type, data, PRIMARY KEY (job, seq)) WITHOUT ROWID",
  );
  const insert = bare.database.prepare("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)");
  let seq = 0;
  const speed = await compare({
    subject: async () => {
      for (let done = 0; done < transactions; done += 1) {
        await store.updateJob("a", ({ lastSeq }) => ({
          events: drafts,
          patch: { snapshot: { ...folds, seq: lastSeq + size } },
        }));
      }
    },
    reference: async () => {
      for (let done = 0; done < transactions; done += 1) {
        await bare.transaction(() => {
          for (const { type, data } of drafts) {
            seq += 1;
            insert.run([1, seq, Date.now(), 1, type, JSON.stringify(data)]);
          }
        });
      }
    },
  });
  await store.close();
  bare.database.close();
  const perSecond = (seconds) => `${Math.round((transactions * size) / seconds / 1_000)} k events/s`;
  return {
    name: `append events in batches of ${size}: speed against bare libsql`,
    ratio: speed.ratio,
    // One event alone pays for the job's row and its folds as well: the limit is for batches.
    ...(size === 1 ? {} : { limit: 0.5 }),
    ok: size === 1 || speed.ratio >= 0.5,
    detail: `${size === 1 ? "no limit" : "at least"}; with the job's row and folds; ${perSecond(speed.subject)}, bare ${perSecond(speed.reference)}`,
  };
}

/**
 * What the chain of a log costs: a hundred events with it and without, every `every`th of them canonical, with all else
 * that the engine makes and a worker writes. Each transaction is one of a pair, since a busy machine is not as busy a second later.
 */
async function measureChain(parts, what, every) {
  const { createSqliteStore, newPath, chainEvents, foldProgress, foldSummary } = parts;
  const drafts = Array.from({ length: 100 }, (_, index) =>
    index % every === 0 ? completedOf(index) : draftOf(index),
  );
  const digest = () => createHash("sha256");
  const growthOf = {
    chained: (job, now) => chainEvents(job, now, digest, drafts),
    plain: () => ({}),
  };
  const stores = {};
  for (const id of Object.keys(growthOf)) {
    stores[id] = await createSqliteStore({ path: newPath() });
    const { job } = await stores[id].createJob(jobOf(parts, id), [queued]);
    await stores[id].updateJob(id, () => ({ patch: { snapshot: { ...busyFolds(job), seq: 1 } } }));
  }
  const append = (id) =>
    seconds(() =>
      stores[id].updateJob(id, (job, now) => {
        const { logHead, ...chained } = growthOf[id](job, now);
        const at = new Date(now).toISOString();
        const seq = job.lastSeq;
        const events = drafts.map((draft, index) => ({
          v: 1,
          jobId: id,
          seq: seq + index + 1,
          at,
          ...draft,
        }));
        const snapshot = {
          seq: seq + drafts.length,
          progress: foldProgress(job.snapshot.progress, events),
          summary: foldSummary(job.snapshot.summary, events),
        };
        return { events: drafts, ...chained, patch: { snapshot, ...(logHead && { logHead }) } };
      }),
    );
  const pairs = [];
  for (let turn = 0; turn < 1_000; turn += 1) {
    const took = {};
    for (const id of turn % 2 === 0 ? ["chained", "plain"] : ["plain", "chained"])
      took[id] = await append(id);
    if (turn >= 100) pairs.push({ ...took, ratio: took.plain / took.chained });
  }
  for (const store of Object.values(stores)) await store.close();
  const { ratio, chained, plain } = median(pairs);
  const limit = 0.9;
  const microseconds = (taken) => `${((taken / drafts.length) * 1e6).toFixed(1)} µs`;
  return {
    name: `append a hundred events with the log's chain, ${what}: speed against without`,
    ratio,
    limit,
    ok: ratio >= limit,
    detail: `at least; an event ${microseconds(chained)}, without ${microseconds(plain)}`,
  };
}

/** What it costs to write the folds with every change: a commit of ten events with them, and without. */
async function measureSnapshot(parts) {
  const store = await parts.createSqliteStore({ path: parts.newPath() });
  const drafts = Array.from({ length: 10 }, (_, index) => draftOf(index));
  const { job } = await store.createJob(jobOf(parts, "a"), [queued]);
  const folds = busyFolds(job);
  const transactions = 1_000;
  let bytes = 0;
  const speed = await compare({
    subject: async () => {
      for (let done = 0; done < transactions; done += 1) {
        await store.updateJob("a", (current) => {
          const snapshot = { ...folds, seq: current.lastSeq + 10 };
          if (done === 0) bytes = JSON.stringify(snapshot).length;
          return { events: drafts, patch: { snapshot } };
        });
      }
    },
    reference: async () => {
      for (let done = 0; done < transactions; done += 1)
        await store.updateJob("a", () => ({ events: drafts }));
    },
  });
  await store.close();
  const microseconds = (seconds) => `${Math.round((seconds / transactions) * 1e6)} µs`;
  return {
    name: "ten events with the job's folds: speed against ten events alone",
    ratio: speed.ratio,
    ok: true,
    detail: `no limit; ${bytes} bytes of folds, ${microseconds(speed.subject)} a commit, without ${microseconds(speed.reference)}`,
  };
}

/** One worker: takes a job, ends it. Bare: two statements in a transaction for each, on a row of the same columns. */
async function measureJobs(parts) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const path = parts.newPath();
    const store = await parts.createSqliteStore({ path });
    for (let index = 0; index < JOBS; index += 1) await store.createJob(jobOf(parts, `j${index}`), [queued]);
    const subject = await seconds(async () => {
      const take = (job, now) => ({
        patch: { status: "running", epoch: job.epoch + 1, leaseOwner: "w", leaseUntil: now + 30_000 },
        events: [{ type: "job.started", data: { attempt: 1 } }],
      });
      const end = () => ({
        patch: { status: "completed", leaseOwner: null, leaseUntil: null },
        events: [{ type: "job.completed", data: { targetMet: true } }],
      });
      for (let claimed = await store.claimNext({}, take); claimed !== null; ) {
        await store.updateJob(claimed.job.id, end);
        claimed = await store.claimNext({}, take);
      }
    });
    await store.close();
    const bare = bareDatabase(path);
    bare.database.exec(
      "UPDATE job SET status = 'queued'; DELETE FROM event WHERE seq > 1; PRAGMA wal_checkpoint(TRUNCATE)",
    );
    const reference = await seconds(() => claimBare(bare));
    bare.database.close();
    rounds.push({ ratio: reference / subject, subject, reference });
  }
  const { ratio, subject, reference } = median(rounds);
  const perSecond = (took) => `${Math.round(JOBS / took)} jobs/s`;
  return {
    name: "claim and finish no-op jobs: speed against the same in bare SQL",
    ratio,
    ok: true,
    detail: `no limit; ${perSecond(subject)}, bare ${perSecond(reference)}`,
  };
}

/** The first, the middle and the last page of ten thousand queued jobs, each against the same of a hundred. */
async function measurePages(parts) {
  const positions = ["first", "middle", "last"];
  const open = async (count) => {
    const store = await parts.createSqliteStore({ path: parts.newPath() });
    for (let index = 0; index < count; index += 1) await store.createJob(jobOf(parts, `j${index}`), [queued]);
    // Newest first. One page more than is measured, so that with four by turns none is still in the store's memory.
    const starts = [null, count / 4, count / 2, count - 25].map((behind) =>
      behind === null ? {} : { after: `j${count - behind}` },
    );
    const times = Object.fromEntries(positions.map((position) => [position, []]));
    const turn = async () => {
      for (const [index, start] of starts.entries()) {
        const startedAt = performance.now();
        const listed = await store.listJobs({ status: ["queued", "running"], ...start, limit: 25 });
        if (listed.length !== 25) throw new Error(`A page has ${listed.length} jobs.`);
        if (listed.some(({ fault }) => fault !== undefined)) throw new Error("A job cannot be read.");
        times[["first", "filler", "middle", "last"][index]]?.push(performance.now() - startedAt);
      }
    };
    return { turn, times, close: () => store.close() };
  };
  const [many, few] = [await open(10_000), await open(100)];
  for (let turn = 0; turn < 300; turn += 1) for (const one of [many, few]) await one.turn();
  await many.close();
  await few.close();
  const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const figures = positions.map((position) => ({
    position,
    many: middle(many.times[position]),
    few: middle(few.times[position]),
  }));
  const ratio = Math.max(...figures.map((one) => one.many / one.few));
  const limit = 1.5;
  const milliseconds = figures.map(
    (one) => `${one.position} ${one.many.toFixed(2)} ms against ${one.few.toFixed(2)} ms`,
  );
  return {
    name: "pages of 25 among 10,000 queued jobs: time against among 100, the worst",
    ratio,
    limit,
    ok: ratio <= limit,
    detail: `at most; ${milliseconds.join(", ")}`,
  };
}

/** Interleaved, so that a busy machine slows both; the median round counts. Ratio is of speeds: more is faster. */
async function compare({ subject, reference }) {
  await reference();
  await subject();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = { reference: await seconds(reference), subject: await seconds(subject) };
    rounds.push({ ...times, ratio: times.reference / times.subject });
  }
  return median(rounds);
}

function median(rounds) {
  return rounds.sort((left, right) => left.ratio - right.ratio)[Math.floor(rounds.length / 2)];
}

async function seconds(work) {
  globalThis.gc?.();
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

const queued = {
  type: "job.queued",
  data: {
    goal: "g",
    plan: ["discovery"],
    icp: null,
    specDigest: "0".repeat(64),
    targetLeads: 3,
    engineVersion: "0",
  },
};

/** The folds of a job in the midst of a campaign. */
function busyFolds({ snapshot: { progress, summary } }) {
  const metrics = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`some_metric_${index}`, index]),
  );
  const stages = ["discovery", "extraction", "enrichment", "validation", "scoring", "export"].map((id) => ({
    id,
    tenant: "local",
    state: "done",
    itemsProcessed: 200,
    itemsTotal: 200,
  }));
  return { progress: { ...progress, metrics, stages }, summary };
}

function draftOf(index) {
  const data = {
    stage: "extraction",
    itemsProcessed: index,
    itemsTotal: 5_000,
    currentItem: `octo-org-12/repository-${index}`,
    percent: 42,
  };
  return { type: "stage.progress", data };
}

function completedOf(index) {
  const counts = { repos_claimed: index, repos_matched: 812, repos_opened: 640 };
  const drops = { "discovery.archived": 17, "discovery.fork": 4, "discovery.excluded_topic": index };
  return { type: "stage.completed", data: { stage: "discovery", counts, drops } };
}

/** What a campaign with the defaults is, as a store holds it: a store reads nothing else as a job. */
function specOf({ createJobSpec, parseCampaign }) {
  const parsed = parseCampaign({ name: "bench", source: "simulator" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const agent = { name: "idle", version: "1.0.0", plan: () => ["discovery"] };
  return createJobSpec(parsed.value, { agent, now: new Date("2030-01-01T00:00:00.000Z") });
}

function jobOf({ foldProgress, foldSummary, initialProgress, initialSummary, spec }, id) {
  const event = { v: 1, jobId: id, seq: 1, at: "2030-01-01T00:00:00.000Z", ...queued };
  return {
    id,
    tenant: "local",
    spec,
    status: "queued",
    desired: null,
    priority: 0,
    notBefore: 0,
    attempt: 0,
    attemptOpen: true,
    parentJobId: null,
    startedAt: null,
    finishedAt: null,
    error: null,
    logHead: null,
    epoch: 0,
    leaseOwner: null,
    leaseUntil: null,
    keepUntil: Date.parse("2040-01-01T00:00:00.000Z"),
    snapshot: {
      seq: 1,
      progress: foldProgress(initialProgress(["discovery"]), [event]),
      summary: foldSummary(initialSummary(), [event]),
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { name, ratio, limit, ok, detail } of await run()) {
    const bound = limit === undefined ? "" : ` of ${limit.toFixed(2)}`;
    process.stdout.write(`${ok ? "ok    " : "MISSED"} ${ratio.toFixed(2)}${bound}  ${name} (${detail})\n`);
  }
}
