// How long a person waits for `cmo --help`, next to a bare `node -e 0`: whole processes, in turn, medians of one run.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const rounds = 25;

export async function run() {
  const bare = [];
  const help = [];
  for (let round = -2; round < rounds; round += 1) {
    const bareMs = time(["-e", "0"]);
    const helpMs = time([main, "--help"]);
    if (round < 0) continue;
    bare.push(bareMs);
    help.push(helpMs);
  }
  const detail = `${median(help).toFixed(0)} ms against ${median(bare).toFixed(0)} ms, medians of ${rounds}`;
  return [{ name: "cmo --help / node -e 0", ratio: median(help) / median(bare), limit: 1.5, detail }];
}

function time(parameters) {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, parameters, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${parameters.join(" ")} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
