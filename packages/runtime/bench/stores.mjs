// What keeping a campaign on disk costs: the same campaign of 200 repositories with a store in memory and with SQLite,
// by turns, over the same simulated GitHub. With answers that take as long as in the smoke config, which is what a person
// waits for, and with answers that take no time at all, which shows the store alone. Build first.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSqliteStore } from "@cmo/store-sqlite";
import { asOf, clock, openEngine, openSource } from "./support/open-engine.mjs";

const here = fileURLToPath(import.meta.url);
const latencyMs = 250;

const config = {
  name: "bench",
  source: "simulator",
  params: { stars_range: ">=1", activity_days: 365, target_leads: 5_000 },
  limits: { max_repos: 200, people_per_repo: 5 },
};

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-stores-"));
  try {
    return [
      await compare(folder, { latencyMs, rounds: 5, limit: 1.1 }),
      await compare(folder, { latencyMs: 0, rounds: 15 }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(folder, { latencyMs, rounds, limit }) {
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const limits = { requestsPerHour: 1_000_000, pointsPerHour: 1_000_000, pointsPerMinute: 1_000_000 };
  const simulator = createGitHubSimulator({ seed: 1, repositories: 400, asOf, latencyMs, limits });
  const times = { memory: [], sqlite: [] };
  let summary = null;
  // The first round warms up both, and the world of the simulator.
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of round % 2 === 0 ? ["memory", "sqlite"] : ["sqlite", "memory"]) {
      const path = join(folder, `${latencyMs}-${round}.db`);
      const ran = await runOnce(kind === "memory" ? null : path, simulator);
      if (round > 0) times[kind].push(ran.ms);
      summary = { ...ran.summary, bytes: kind === "memory" ? summary?.bytes : (await stat(path)).size };
    }
  }
  const ratio = median(times.sqlite) / median(times.memory);
  const { counts, bytes } = summary;
  const what = `${counts.reposMatched} repositories, ${counts.leads} leads, ${Math.round(bytes / 1_024)} KiB on disk`;
  return {
    name: `time of a campaign of 200 repositories on SQLite against memory, answers of ${latencyMs} ms`,
    ratio,
    ...(limit === undefined ? {} : { limit }),
    ok: limit === undefined || ratio <= limit,
    detail: `${limit === undefined ? "no limit" : "at most"}; ${spread(times.sqlite)}, against ${spread(times.memory)}; ${what}`,
  };
}

/** From opening the store to its end: what `cmo run` does but for the files. */
async function runOnce(path, simulator) {
  globalThis.gc?.();
  const source = openSource((url, init) => simulator.fetch(url, init));
  const startedAt = performance.now();
  const store = path === null ? undefined : await createSqliteStore({ path, clock });
  const { engine, spec } = openEngine(config, { source, store });
  const summary = await engine.runInproc(spec);
  await store?.close();
  const ms = performance.now() - startedAt;
  if (summary.status !== "completed") throw new Error(JSON.stringify(summary.errors));
  return { ms, summary };
}

function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}

function spread(times) {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return `${median(times).toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)})`;
}

if (process.argv[1] === here) for (const row of await run()) console.log(JSON.stringify(row));
