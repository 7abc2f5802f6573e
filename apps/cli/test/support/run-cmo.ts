import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** How a process ended, and what it wrote. */
export interface CmoResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How {@link runCmo} runs it. */
export interface RunCmoOptions {
  cwd: string;
  env?: Readonly<Record<string, string>>;
  /** Told of the process when it has written to stdout for the first time. */
  onOutput?: (child: ChildProcess) => void;
}

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Runs the built `cmo` as a process of its own, with an environment of its own. @throws Error when it is not built. */
export function runCmo(
  args: readonly string[],
  { cwd, env = {}, onOutput }: RunCmoOptions,
): Promise<CmoResult> {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build it first: pnpm build`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: "", HOME: cwd, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout === "") onOutput?.(child);
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
