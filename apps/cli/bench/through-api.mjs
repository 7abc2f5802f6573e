// What it costs to run a campaign through a server: `cmo run --mode api` against `cmo run --mode inproc`, whole processes
// from their start to their files, in turn, on SQLite. The source answers at once, so that nothing hides what the way
// itself costs. Build first.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heard, startCmo } from "@cmo/command";

const rounds = 9;
const config = `name: bench
params: { language: Go, stars_range: ">=10", activity_days: 365, target_leads: 300 }
source: { type: simulator, seed: 7, repositories: 3000 }
`;

/** Measures; the row has what was found, what is allowed, and whether it is. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-through-"));
  const env = { XDG_DATA_HOME: join(folder, "data"), CI: "true" };
  await writeFile(join(folder, "bench.yaml"), config);
  const server = await startServer();
  try {
    const pairs = [];
    for (let round = -1; round < rounds; round += 1) {
      const pair = {};
      for (const way of round % 2 === 0 ? ["inproc", "api"] : ["api", "inproc"])
        pair[way] = await timeOf(way, round + 10);
      if (round >= 0) pairs.push(pair);
    }
    const ms = (way) => median(pairs.map((pair) => pair[way])).toFixed(0);
    return [
      {
        name: "a campaign through the API / in process",
        ratio: median(pairs.map(({ api, inproc }) => api / inproc)),
        limit: 1.1,
        detail: `${ms("api")} against ${ms("inproc")} ms from command to files, medians of ${rounds} pairs`,
      },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }

  async function startServer() {
    const running = startCmo(["serve", "--port", "0", "--store", join(folder, "server.db")], folder, env);
    const url = await heard(running, /(http:\/\/127\.0\.0\.1:\d+)/);
    return {
      url,
      async stop() {
        running.child.kill("SIGTERM");
        await running.ended;
      },
    };
  }

  /** From the command to its three files, in ms; in a world of its own, so that no run has the answers of another. */
  async function timeOf(way, seed) {
    const exports = await mkdtemp(join(folder, "exports-"));
    const where = way === "api" ? ["--api-base", server.url] : ["--store", join(folder, "own.db")];
    const parameters = [
      "run",
      "--config",
      "bench.yaml",
      "--set",
      `source.seed=${seed}`,
      "--mode",
      way,
      "--exports",
      exports,
      ...where,
    ];
    const startedAt = performance.now();
    const code = await startCmo([...parameters, "--output", "silent"], folder, env).ended;
    const took = performance.now() - startedAt;
    const files = await readdir(exports);
    if (code !== 0 || files.length !== 3)
      throw new Error(`${way} ended with ${code} and ${files.length} files`);
    return took;
  }
}

function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}
