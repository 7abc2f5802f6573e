// What it costs to run a campaign through a server: `cmo run --mode api` against `cmo run --mode inproc`, whole processes
// from their start to their files, in turn, on SQLite. The source answers at once, so that nothing hides what the way
// itself costs. Build first.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const rounds = 9;
const config = `name: bench
params: { language: Go, stars_range: ">=10", activity_days: 365, target_leads: 300 }
source: { type: simulator, seed: 7, repositories: 3000 }
`;

/** Measures; the row has what was found, what is allowed, and whether it is. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-through-"));
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: join(folder, "data"), CI: "true" };
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
    const child = spawn(
      process.execPath,
      [main, "serve", "--port", "0", "--store", join(folder, "server.db")],
      {
        cwd: folder,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const url = await new Promise((resolve, reject) => {
      let said = "";
      const hear = (piece) => {
        said += piece;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (found !== null) resolve(found[0]);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
    });
    return {
      url,
      async stop() {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await gone;
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
    const child = spawn(process.execPath, [main, ...parameters, "--output", "silent"], {
      cwd: folder,
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
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
