// What the API costs beside the work itself: how many requests of its JSON routes a second of its processor's time is
// good for, with keys, limits, security headers, strict queries and counting, as a ratio to a bare Hono app that calls
// the same service over the same store. Each server is a process of its own on loopback, has one thread, and is asked
// for as much as it can do, in turns; what else the machine does is not in its time.
// Usage: node apps/api/bench/json-routes.mjs (after a build).
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ask } from "./support/ask.mjs";
import { fillStore } from "./support/fill-store.mjs";

const here = fileURLToPath(import.meta.url);
const server = fileURLToPath(new URL("./support/json-server.mjs", import.meta.url));

const CONNECTIONS = 8;
const ROUNDS = 41;
const ROUND_MS = 150;

/** @returns {Promise<{ name: string; value: number; limit: number; ok: boolean; detail: string }[]>} */
export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "cmo-bench-json-"));
  const store = join(folder, "cmo.db");
  const servers = [];
  try {
    const { jobId } = await fillStore(store);
    const bare = await start("bare", store);
    servers.push(bare);
    const api = await start("api", store);
    servers.push(api);
    const routes = [
      ["a job", `/api/jobs/${jobId}`],
      ["20 jobs", "/api/jobs?limit=20"],
      ["100 leads", `/api/jobs/${jobId}/leads?limit=100`],
    ];
    const figures = [];
    for (const [name, path] of routes) figures.push(await measure(name, path, { bare, api }));
    return figures;
  } finally {
    for (const { child } of servers) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(name, path, { bare, api }) {
  const options = { path, connections: CONNECTIONS, forMs: ROUND_MS };
  // Both warm, before anything counts.
  for (const { port, headers } of [bare, api, bare, api, bare, api]) await ask({ ...options, port, headers });
  const both = { bare, api };
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const seconds = {};
    for (const who of round % 2 === 0 ? ["bare", "api"] : ["api", "bare"]) {
      const { port, headers, usedSeconds } = both[who];
      const before = await usedSeconds();
      const count = await ask({ ...options, port, headers });
      seconds[who] = ((await usedSeconds()) - before) / count;
    }
    rounds.push({ ratio: seconds.bare / seconds.api, ...seconds });
  }
  rounds.sort((one, other) => one.ratio - other.ratio);
  const median = rounds[Math.floor(rounds.length / 2)];
  const micros = (seconds) => (seconds * 1e6).toFixed(0);
  return {
    name: `JSON route / bare Hono with the same service and store: ${name}`,
    value: median.ratio,
    limit: 0.8,
    ok: median.ratio >= 0.8,
    detail: `at least; ${micros(median.api)} against ${micros(median.bare)} µs of processor time a request`,
  };
}

function start(kind, store) {
  const child = fork(server, [kind, store], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    const usedSeconds = () =>
      new Promise((answer) => {
        child.once("message", answer);
        child.send("used");
      });
    child.once("message", ({ port, headers }) => resolve({ child, port, headers, usedSeconds }));
    child.once("exit", (code) => reject(new Error(`The ${kind} server ended with ${code}.`)));
  });
}

if (process.argv[1] === here && pathToFileURL(here).href === import.meta.url) {
  for (const { name, value, detail } of await run()) console.log(name, value.toFixed(2), detail);
}
