import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url));

/** The built `cmo` in a process of its own. */
export interface RunningCmo {
  readonly child: ChildProcess;
  /** What it has written so far, to both places. */
  said(): string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts `cmo` in a folder, which is its home too. @throws Error when it is not built. */
export function startCmo(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): RunningCmo {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build it first: pnpm build`);
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: "", HOME: folder, CI: "true", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { child, said: () => said, ended };
}

/** Resolves with what a pattern finds in what a process says. @throws Error when it ends before. */
export async function heard({ child, said, ended }: RunningCmo, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(said());
    if (found !== null) return found[1] ?? found[0];
    const more = new Promise<"more">((resolve) => {
      child.stdout?.once("data", () => resolve("more"));
      child.stderr?.once("data", () => resolve("more"));
    });
    if ((await Promise.race([more, ended.then(() => "ended" as const)])) === "ended") {
      throw new Error(`cmo ended before it said ${pattern}: ${said()}`);
    }
  }
}
