// What a campaign costs: requests and points against a naive plan over REST, time against what the answers themselves
// take, and the memory of ten thousand leads. Runs the built packages; build first.
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createLeadAgent } from "@cmo/agent";
import { createClock, createJobSpec, createUnifiedEngine, parseCampaign } from "@cmo/engine";
import { leadExporters, measureExport } from "@cmo/exporters";
import { createGitHubSource } from "@cmo/github";

const here = fileURLToPath(import.meta.url);
const simulatorCommand = fileURLToPath(
  new URL("./main.js", `file://${createRequire(import.meta.url).resolve("@cmo/github-simulator")}`),
);
const asOf = "2026-11-01T00:00:00.000Z";
const origin = "https://api.simulator.example";
const mebibyte = 1024 * 1024;
/** The simulated domains that take mail, without the simulator: the memory that is measured is not to hold it. */
const mail = {
  isReserved: (domain) => !domain.includes("."),
  lookup: async (domain) => (domain.endsWith(".example") ? "ok" : "no_mail"),
};

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  return [...(await measureRequests()), await measureTime(), await measureMemory()];
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

async function measureMemory() {
  const simulator = spawn(
    process.execPath,
    [simulatorCommand, "--port", "0", "--repositories", "30000", "--as-of", asOf],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const url = await firstMatch(simulator.stdout, /at (http:\S+)/);
    const child = spawn(process.execPath, [here, "--campaign", url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const result = JSON.parse(await firstMatch(child.stdout, /^(\{.*\})$/m));
    const { peakBytes, leads, contactable, seconds, requests, events } = result;
    const row = atMost(
      "peak memory of a campaign of 10,000 leads, MiB",
      Math.round(peakBytes / mebibyte),
      256,
      `${leads} leads, ${contactable} contactable, ${requests} requests, ${events} events, ${seconds} s`,
    );
    return { ...row, ok: row.ok && leads >= 10_000 };
  } finally {
    simulator.kill();
  }
}

/** The campaign of the memory measurement, in a process of its own. */
async function runLargeCampaign(url) {
  const startedAt = performance.now();
  const { summary, lastSeq } = await runAgainst(
    { fetch: (input, init) => fetch(input, init), stats: () => ({}) },
    {
      ...wide,
      params: { ...wide.params, target_leads: 5_500 },
      limits: { max_repos: 30_000, people_per_repo: 5 },
    },
    { apiUrl: url },
  );
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

async function runAgainst(simulator, config, { concurrency = 2, apiUrl = origin } = {}) {
  const clock = createClock(globalThis);
  const digest = (key) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));
  const source = createGitHubSource({
    fetch: (url, init) => simulator.fetch(url, init),
    token: "simulated",
    apiUrl,
    graphqlUrl: `${apiUrl}/graphql`,
    clock,
    random: Math.random,
    digest,
    concurrency,
  });
  const agent = createLeadAgent({
    openSources: () => ({ source, mail }),
    exporters: leadExporters.filter((exporter) => exporter.rows === "all"),
    measure: measureExport,
    digest,
  });
  const engine = createUnifiedEngine({ agent, clock, random: Math.random, digest });
  const parsed = parseCampaign(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const summary = await engine.runInproc(createJobSpec(parsed.value, { agent, now: new Date(asOf) }));
  if (summary.status !== "completed") throw new Error(JSON.stringify(summary.errors));
  return { summary, stats: simulator.stats(), lastSeq: (await engine.job(summary.jobId)).lastSeq };
}

function atMost(name, value, limit, detail) {
  return { name, value, limit, ok: value <= limit, detail: `at most; ${detail}` };
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
  const campaign = process.argv.indexOf("--campaign");
  if (campaign >= 0) await runLargeCampaign(process.argv[campaign + 1]);
  else for (const row of await run()) console.log(JSON.stringify(row));
}
