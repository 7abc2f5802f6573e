// What a campaign costs: requests and points against a naive plan over REST, time against what the answers themselves
// take, and the memory of ten thousand leads and more. Runs the built packages; build first.
import { spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asOf, clock, openEngine, openSource, origin } from "./support/open-engine.mjs";

const here = fileURLToPath(import.meta.url);
const simulatorCommand = fileURLToPath(
  new URL("./main.js", `file://${createRequire(import.meta.url).resolve("@cmo/github-simulator")}`),
);
const mebibyte = 1024 * 1024;

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  return [...(await measureRequests()), await measureTime(), ...(await measureMemory())];
}

const wide = {
  name: "bench",
  source: "simulator",
  params: { stars_range: ">=1", activity_days: 365, target_leads: 5_000 },
  limits: { max_repos: 200, people_per_repo: 5 },
};

async function measureRequests() {
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const simulator = createGitHubSimulator({ seed: 1, repositories: 400, asOf });
  const { summary, stats } = await runAgainst(simulator, wide);
  const naive = await runNaively();
  const people = summary.counts.candidates;
  const detail = `${summary.counts.reposMatched} repositories, ${people} people`;
  return [
    atMost("requests of 200 repositories × 5 people", stats.requests, 60, detail),
    atMost("points of 200 repositories × 5 people", stats.points, 80, detail),
    {
      name: "requests of the naive plan over REST for 200 × 5 people",
      value: naive.requests,
      limit: 2_000,
      ok: naive.requests > 2_000,
      detail: `at least; ${naive.repositories} repositories, ${naive.people} people`,
    },
  ];
}

/**
 * Search pages, contributors per repository, then each person and their commits: a request each. Repositories with fewer
 * than five contributors are made up for by others, so that it is a thousand people.
 */
async function runNaively() {
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const simulator = createGitHubSimulator({
    seed: 1,
    repositories: 400,
    asOf,
    limits: { restPointsPerMinute: 1_000_000, requestsPerHour: 1_000_000, searchesPerMinute: 1_000 },
  });
  const ask = async (path) => {
    const answer = await simulator.fetch(`${origin}${path}`, { headers: { authorization: "Bearer naive" } });
    return answer.status === 200 ? answer.json() : null;
  };
  const found = [];
  for (let page = 1; ; page += 1) {
    const query = encodeURIComponent("stars:>=1 archived:false sort:stars");
    const answer = await ask(`/search/repositories?q=${query}&per_page=100&page=${page}`);
    if (answer === null || answer.items.length === 0) break;
    found.push(...answer.items);
  }
  let people = 0;
  let repositories = 0;
  for (const { full_name: name } of found) {
    if (people >= 1_000) break;
    repositories += 1;
    const contributors = (await ask(`/repos/${name}/contributors?per_page=100`)) ?? [];
    for (const { login } of contributors.slice(0, Math.min(5, 1_000 - people))) {
      people += 1;
      await ask(`/users/${encodeURIComponent(login)}`);
      await ask(`/repos/${name}/commits?author=${encodeURIComponent(login)}&per_page=100`);
    }
  }
  return { requests: simulator.stats().requests, repositories, people };
}

async function measureTime() {
  const latencyMs = 200;
  const concurrency = 2;
  const observed = [];
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const simulator = createGitHubSimulator({
    seed: 1,
    repositories: 400,
    asOf,
    latencyMs,
    onRequest: ({ operation }) => observed.push(operation),
  });
  let answerMs = 0;
  const timed = {
    stats: () => simulator.stats(),
    async fetch(url, init) {
      const startedAt = performance.now();
      try {
        return await simulator.fetch(url, init);
      } finally {
        answerMs += performance.now() - startedAt;
      }
    },
  };
  const startedAt = performance.now();
  const { stats } = await runAgainst(timed, wide, { concurrency });
  const tookMs = performance.now() - startedAt;
  const count = (operation) => observed.filter((one) => one === operation).length;
  // Each page of a search needs the one before; then one look at histories, and one at people.
  const chain = (count("viewer") + count("other") + count("search") + 1 + 1) * latencyMs;
  const bound = Math.max(chain, answerMs / concurrency);
  return atMost(
    `time of a campaign of ${latencyMs} ms answers, ${concurrency} at once / the longest of chain and work`,
    Number((tookMs / bound).toFixed(3)),
    1.3,
    `${Math.round(tookMs)} ms; chain ${chain} ms, work ${Math.round(answerMs)} ms in ${stats.requests} requests, peak ${stats.peakConcurrency}`,
  );
}

/** Each campaign is a process of its own, and so is the simulator: what is measured is the campaign alone. */
async function measureMemory() {
  const simulator = spawn(
    process.execPath,
    [simulatorCommand, "--port", "0", "--repositories", "30000", "--as-of", asOf],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-memory-"));
  try {
    const url = await firstMatch(simulator.stdout, /at (http:\S+)/);
    const rows = [];
    for (const { leads, target, place, ...others } of [
      { leads: 10_000, target: 5_500, place: "memory", rounds: 3 },
      { leads: 10_000, target: 5_500, place: "sqlite", rounds: 3 },
      // Nobody has set a limit for more than that.
      { leads: 18_000, target: 10_000, place: "sqlite", limit: null },
      // What it needs, rather than what it takes while there is plenty.
      { leads: 18_000, target: 10_000, place: "sqlite", heapMebibytes: 96 },
    ]) {
      const path = place === "memory" ? "memory" : join(folder, `${rows.length}.db`);
      rows.push(await measureLarge(url, { leads, target, place, path, ...others }));
    }
    return rows;
  } finally {
    simulator.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** When the collector runs is chance, and with it the peak: the median of some runs. */
async function measureLarge(
  url,
  { leads: wanted, target, place, path, rounds = 1, limit = 256, heapMebibytes = null },
) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const file = place === "memory" ? path : `${path}-${round}`;
    const heap = heapMebibytes === null ? [] : [`--max-old-space-size=${heapMebibytes}`];
    const child = spawn(process.execPath, [...heap, here, "--campaign", url, String(target), file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const result = JSON.parse(await firstMatch(child.stdout, /^(\{.*\})$/m));
    results.push({ ...result, file });
  }
  const peaks = results.map((one) => Math.round(one.peakBytes / mebibyte)).sort((a, b) => a - b);
  const { leads, contactable, seconds, requests, events, file } = results[0];
  const onDisk = place === "memory" ? "" : `, ${Math.round((await stat(file)).size / mebibyte)} MiB on disk`;
  const within = heapMebibytes === null ? "" : ` in a heap of ${heapMebibytes} MiB`;
  const row = atMost(
    `peak memory of a campaign of ${wanted.toLocaleString("en")} leads${within}, store: ${place}, MiB`,
    peaks[Math.floor(peaks.length / 2)],
    limit,
    `${peaks.join(", ")} MiB; ${leads} leads, ${contactable} contactable, ${requests} requests, ${events} events, ${seconds} s${onDisk}`,
  );
  return { ...row, ok: row.ok && leads >= wanted };
}

/** The campaign of the memory measurement, in a process of its own. */
async function runLargeCampaign(url, target, path) {
  const startedAt = performance.now();
  const store = path === "memory" ? undefined : await openSqlite(path);
  const { summary, lastSeq } = await runAgainst(
    { fetch: (input, init) => fetch(input, init), stats: () => ({}) },
    {
      ...wide,
      params: { ...wide.params, target_leads: target },
      limits: { max_repos: 30_000, people_per_repo: 5 },
    },
    { apiUrl: url, store },
  );
  await store?.close();
  const { leads, contactable } = summary.counts;
  const result = {
    peakBytes: process.resourceUsage().maxRSS * 1024,
    leads,
    contactable,
    status: summary.status,
    requests: summary.quota.requests,
    events: lastSeq,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Loaded only here: the driver is not to count where it is not used. */
async function openSqlite(path) {
  const { createSqliteStore } = await import("@cmo/store-sqlite");
  return createSqliteStore({ path, clock });
}

async function runAgainst(simulator, config, { concurrency, apiUrl, store } = {}) {
  const source = openSource((url, init) => simulator.fetch(url, init), { concurrency, apiUrl });
  const { engine, spec } = openEngine(config, { source, store });
  const summary = await engine.runInproc(spec);
  if (summary.status !== "completed") throw new Error(JSON.stringify(summary.errors));
  return { summary, stats: simulator.stats(), lastSeq: (await engine.job(summary.jobId)).lastSeq };
}

function atMost(name, value, limit, detail) {
  const isFree = limit === null;
  return {
    name,
    value,
    limit,
    ok: isFree || value <= limit,
    detail: `${isFree ? "no limit" : "at most"}; ${detail}`,
  };
}

function firstMatch(stream, pattern) {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (piece) => {
      text += piece;
      const match = pattern.exec(text);
      if (match) resolve(match[1]);
    });
    stream.on("end", () => reject(new Error(`It ended and said only: ${text}`)));
  });
}

if (process.argv[1] === here) {
  const [, , what, url, target, path] = process.argv;
  if (what === "--campaign") await runLargeCampaign(url, Number(target), path);
  else for (const row of await run()) console.log(JSON.stringify(row));
}
