import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// JavaScript, so that benches run it as it is; its types stand beside it.

const main = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url));

/** See `start-cmo.d.ts`. */
export function startCmo(args, folder, env = {}) {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build it first: pnpm build`);
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: "", HOME: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "", both: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      texts[name] += text;
      texts.both += text;
    });
  }
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { child, stdout: () => texts.stdout, stderr: () => texts.stderr, said: () => texts.both, ended };
}

/** See `start-cmo.d.ts`. */
export async function heard({ child, said, ended }, pattern) {
  for (;;) {
    const found = pattern.exec(said());
    if (found !== null) return found[1] ?? found[0];
    const more = new Promise((resolve) => {
      child.stdout.once("data", () => resolve("more"));
      child.stderr.once("data", () => resolve("more"));
    });
    if ((await Promise.race([more, ended.then(() => "ended")])) === "ended") {
      throw new Error(`cmo ended before it said ${pattern}: ${said()}`);
    }
  }
}
