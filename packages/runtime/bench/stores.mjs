// What keeping a campaign costs: the same campaign of 200 repositories with a store in memory, with SQLite, and with a
// PostgreSQL on the same machine (with flushes to the disk), by turns, over the same simulated GitHub. With answers that take as long as in the smoke config, which is what a person
// waits for, and with answers that take no time at all, which shows the store alone. Build first.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newSchema, startPostgres } from "@cmo/postgres";
import { createPostgresStore } from "@cmo/store-postgres";
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
  const postgres = await startPostgres({ durable: true });
  try {
    return [
      ...(await compare(folder, postgres.url, { latencyMs, rounds: 5, limit: 1.1 })),
      ...(await compare(folder, postgres.url, { latencyMs: 0, rounds: 15 })),
    ];
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(folder, url, { latencyMs, rounds, limit }) {
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const limits = { requestsPerHour: 1_000_000, pointsPerHour: 1_000_000, pointsPerMinute: 1_000_000 };
  const simulator = createGitHubSimulator({ seed: 1, repositories: 400, asOf, latencyMs, limits });
  const times = { memory: [], sqlite: [], postgres: [] };
  const kinds = Object.keys(times);
  // Tables are made once in the life of a database.
  const schema = newSchema();
  let what = "";
  // The first round warms up all of them, and the world of the simulator.
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of [...kinds.slice(round % 3), ...kinds.slice(0, round % 3)]) {
      const path = join(folder, `${latencyMs}-${round}.db`);
      const open = {
        memory: async () => undefined,
        sqlite: () => createSqliteStore({ path, clock }),
        postgres: () => createPostgresStore({ url, schema }),
      }[kind];
      const ran = await runOnce(open, simulator);
      if (round > 0) times[kind].push(ran.ms);
      const { counts } = ran.summary;
      if (kind !== "sqlite") continue;
      const size = Math.round((await stat(path)).size / 1_024);
      what = `${counts.reposMatched} repositories, ${counts.leads} leads, ${size} KiB in a file`;
    }
  }
  return ["sqlite", "postgres"].map((kind) => {
    const ratio = median(times[kind]) / median(times.memory);
    const name = { sqlite: "SQLite", postgres: "PostgreSQL" }[kind];
    return {
      name: `time of a campaign of 200 repositories on ${name} against memory, answers of ${latencyMs} ms`,
      ratio,
      ...(limit === undefined ? {} : { limit }),
      ok: limit === undefined || ratio <= limit,
      detail: `${limit === undefined ? "no limit" : "at most"}; ${spread(times[kind])}, against ${spread(times.memory)}; ${what}`,
    };
  });
}

/** From opening the store to its end: what `cmo run` does but for the files. */
async function runOnce(open, simulator) {
  globalThis.gc?.();
  const source = openSource((url, init) => simulator.fetch(url, init));
  const startedAt = performance.now();
  const store = await open();
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
