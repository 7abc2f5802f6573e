import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url));

/** How the built `cmo` ended, and what it wrote. */
export interface CmoResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `cmo` in a folder, which is its home too. @throws Error when it is not built. */
export function runCmo(args: readonly string[], folder: string): Promise<CmoResult> {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build it first: pnpm build`);
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH: "", HOME: folder } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
