// What it costs that processes share a token's quota: a request with the board in a SQLite store, and with one in the
// process, by turns. The real client, and answers that are there at once: the same one of the simulator again and again.
// Build first.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSharedBoard } from "@cmo/github";
import { createGitHubSimulator } from "@cmo/github-simulator";
import { createSqliteStore } from "@cmo/store-sqlite";
import { asOf, clock, openSource } from "./support/open-engine.mjs";

const here = fileURLToPath(import.meta.url);
const requests = 300;
const rounds = 9;

/** Measures; there is no limit, only what to think of beside the time that GitHub takes to answer. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-quota-"));
  const store = await createSqliteStore({ path: join(folder, "quota.db"), clock });
  try {
    const fetch = await recordedFetch();
    const own = openSource(fetch);
    const board = createSharedBoard((decide) => store.updateShared("quota:bench", decide));
    const shared = openSource(fetch, { board });
    const times = { own: [], shared: [] };
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, source] of [
        ["own", own],
        ["shared", shared],
      ]) {
        const took = await askAgainAndAgain(source);
        if (round > 0) times[name].push(took);
      }
    }
    const [alone, together] = [Math.min(...times.own), Math.min(...times.shared)];
    return [
      {
        name: "a request with the quota in SQLite, shared by processes: added, in µs",
        value: Math.round((together - alone) * 1_000),
        ok: true,
        detail: `no limit; ${together.toFixed(2)} ms a request, with a board of the process ${alone.toFixed(2)} ms; ${(((together - alone) / 250) * 100).toFixed(2)} % of an answer of 250 ms`,
      },
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of one request, one after the other. */
async function askAgainAndAgain(source) {
  globalThis.gc?.();
  const startedAt = performance.now();
  for (let request = 0; request < requests; request += 1) {
    const { repositories } = await source.searchRepositories(query, { first: 5, after: null }, call);
    if (repositories.length !== 5) throw new Error("The answer is not what was recorded.");
  }
  return (performance.now() - startedAt) / requests;
}

const query = {
  language: null,
  topic: null,
  stars: { min: 1, max: null },
  pushedSince: "2025-11-01",
  created: null,
};

const call = {
  signal: new AbortController().signal,
  startTool: () => ({ complete() {} }),
  recall: async () => new Map(),
  emit() {},
};

/** One answer of the simulator, for every request. */
async function recordedFetch() {
  const simulator = createGitHubSimulator({ seed: 1, repositories: 100, asOf });
  let recorded = null;
  return async (url, init) => {
    if (recorded === null) {
      const answer = await simulator.fetch(url, init);
      recorded = { text: await answer.text(), status: answer.status, headers: [...answer.headers] };
    }
    const { text, status, headers } = recorded;
    return new Response(text, { status, headers });
  };
}

if (process.argv[1] === here) for (const row of await run()) console.log(JSON.stringify(row));
