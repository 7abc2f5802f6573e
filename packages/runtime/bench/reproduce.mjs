// What it costs to come to the same again: a replay against the run that it is of, a fork of a thousand leads, a bundle
// against its parts packed one by one, and how fast a bundle is checked. Runs the built packages; build first.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import {
  checkBundle,
  createCampaignService,
  createNodeHost,
  exportBundle,
  openRuntime,
  replayBundle,
} from "@cmo/runtime";

const require = createRequire(import.meta.url);
const bundleRequire = createRequire(require.resolve("@cmo/bundle"));
const command = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url));
const smoke = fileURLToPath(new URL("../../../config/smoke.yaml", import.meta.url));

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-reproduce-"));
  try {
    return [
      ...(await measureReplay(folder)),
      ...(await measureFork(folder)),
      ...(await measureBundle(folder)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The campaign that everybody tries first, of a GitHub that takes 200 ms for an answer. */
async function measureReplay(folder) {
  const { runtime, jobId } = await runJob(folder, "replay", ["source.latency_ms=200"]);
  const { startedAt, finishedAt } = await runtime.engine.job(jobId);
  const path = join(folder, "replay.zip");
  await exportBundle({ runtime, jobId, kind: "full", path });
  await runtime.close();
  const ranMs = finishedAt - startedAt;
  const times = await timesOf(12, async () => {
    const { verdict } = await replayBundle(path);
    if (verdict !== "identical") throw new Error(`The replay is ${verdict}.`);
  });
  const best = Math.min(...times);
  return [
    {
      name: "a replay against its run of 200 ms an answer: times faster",
      ratio: ranMs / best,
      limit: 20,
      ok: ranMs / best >= 20,
      detail: `at least; ${ranMs} ms, against ${best.toFixed(0)} ms (${times.map((ms) => ms.toFixed(0)).join(", ")})`,
    },
  ];
}

const thousand = [
  "source.latency_ms=0",
  "params.stars_range=>=1",
  "params.activity_days=365",
  "params.target_leads=600",
  "limits.max_repos=3000",
];
const forkLimitMs = 2_000;

/** Other weights over a thousand leads: as a server does it, and as the command does from its start to its end. */
async function measureFork(folder) {
  const { runtime, jobId, path } = await runJob(folder, "fork", thousand);
  const service = createCampaignService(runtime, { tenant: "local", configDirectory: null });
  const { leads } = (await runtime.engine.summary(jobId)).counts;
  let requests = 0;
  let weight = 10;
  const fork = async () => {
    weight += 1;
    const forked = await service.fork(jobId, { set: [`scoring.weights.fit.stars=${weight}`] });
    const summary = await runtime.engine.attend(forked.id);
    if (summary.status !== "completed") throw new Error(JSON.stringify(summary.errors));
    requests += summary.quota.requests;
  };
  const spentBefore = process.cpuUsage();
  const times = await timesOf(5, fork);
  const { user, system } = process.cpuUsage(spentBefore);
  await runtime.close();
  const cmo = async (...given) => {
    const env = { ...process.env, CI: "1" };
    return (await promisify(execFile)(process.execPath, [command, ...given, "--store", path], { env }))
      .stdout;
  };
  const ofCommand = await timesOf(3, async () => {
    weight += 1;
    const said = await cmo("fork", jobId, "--set", `scoring.weights.fit.stars=${weight}`);
    const [forked] = said.match(/job_[a-z0-9]+/) ?? [];
    await cmo("run", "--resume", forked, "--exports", join(folder, "exports"));
  });
  return [
    {
      name: `a fork of ${leads} leads, ms`,
      value: Math.round(Math.min(...times)),
      limit: forkLimitMs,
      ok: Math.min(...times) <= forkLimitMs && leads >= 1_000,
      detail: `at most; the best of ${times.map((ms) => ms.toFixed(0)).join(", ")}, of which ${Math.round((user + system) / 5_000)} ms of a processor; on SQLite`,
    },
    {
      name: "cmo fork and cmo run --resume, from the start of the first to the end of the other, ms",
      value: Math.round(Math.min(...ofCommand)),
      limit: null,
      ok: true,
      detail: `no limit; the best of ${ofCommand.map((ms) => ms.toFixed(0)).join(", ")}`,
    },
    { name: "requests of these forks", value: requests, limit: 0, ok: requests === 0, detail: "at most" },
  ];
}

async function measureBundle(folder) {
  const { runtime, jobId } = await runJob(folder, "bundle", thousand);
  const rows = [];
  for (const kind of ["full", "shared"]) {
    const path = join(folder, `${kind}.zip`);
    await exportBundle({ runtime, jobId, kind, path });
    const { size } = await stat(path);
    const parts = await partsOf(path);
    const packed = parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0);
    rows.push({
      name: `a ${kind} bundle against its parts, each packed by gzip -9`,
      ratio: size / packed,
      limit: 1.2,
      ok: size <= packed * 1.2,
      detail: `at most; ${size} bytes, against ${packed}`,
    });
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const best = Math.min(...(await timesOf(5, () => checkBundle(path))));
    rows.push({
      name: `checking a ${kind} bundle, MB of what it holds a second`,
      value: Math.round(bytes / 1_000 / best),
      limit: null,
      ok: true,
      detail: `no limit; ${(bytes / 1e6).toFixed(1)} MB in ${best.toFixed(0)} ms`,
    });
  }
  await runtime.close();
  return rows;
}

/** What an archive holds, unpacked. */
async function partsOf(path) {
  const zip = await bundleRequire("yauzl").openPromise(path);
  const parts = [];
  for await (const entry of zip.eachEntry()) {
    const pieces = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece);
    parts.push(Buffer.concat(pieces));
  }
  return parts;
}

/** The smoke campaign with other values, to its end, on a SQLite file. */
async function runJob(folder, name, set) {
  const path = join(folder, `${name}.db`);
  const runtime = await openRuntime({ host: createNodeHost(), location: path });
  const service = createCampaignService(runtime, { tenant: "local", configDirectory: null });
  const { jobId } = await service.submit({ config: await readFile(smoke, "utf8"), set });
  const summary = await runtime.engine.attend(jobId);
  if (summary.status !== "completed") throw new Error(JSON.stringify(summary.errors));
  return { runtime, jobId, path };
}

async function timesOf(count, work) {
  const times = [];
  for (let round = 0; round < count; round += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const row of await run()) console.log(JSON.stringify(row));
}
