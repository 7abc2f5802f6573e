import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How a process ended, and what it wrote. */
export interface CmoResult {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Where a process runs, and in which environment. */
export interface CmoPlace {
  cwd: string;
  env?: Readonly<Record<string, string>>;
}

/** How {@link runCmo} runs it. */
export interface RunCmoOptions extends CmoPlace {
  /** Told of the process when it has written to stdout for the first time. */
  onOutput?: (child: ChildProcess) => void;
}

/** A process that runs. */
export interface RunningCmo {
  child: ChildProcess;
  /** Resolves with it when stdout and stderr hold this text; rejects when the process ends without it. */
  said(text: string | RegExp): Promise<string>;
  ended: Promise<CmoResult>;
}

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Runs the built `cmo` as a process of its own, with an environment of its own. @throws Error when it is not built. */
export function runCmo(args: readonly string[], { onOutput, ...place }: RunCmoOptions): Promise<CmoResult> {
  const { child, ended } = startCmo(args, place);
  if (onOutput !== undefined) child.stdout?.once("data", () => onOutput(child));
  return ended;
}

/**
 * Starts the built `cmo`. Its home and its data folder are in `cwd`: nothing is written outside of it. Jobs are kept
 * there, as they are for a person, unless `env` says otherwise. @throws Error when it is not built.
 */
export function startCmo(args: readonly string[], { cwd, env = {} }: CmoPlace): RunningCmo {
  if (!existsSync(main)) throw new Error(`${main} is missing. Build it first: pnpm build`);
  const home = { HOME: cwd, XDG_DATA_HOME: join(cwd, ".data") };
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: "", CMO_MODE: "inproc", ...home, ...env },
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    heard();
  });
  const ended = new Promise<CmoResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });

  return {
    child,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const all = stdout + stderr;
          const found = typeof text === "string" ? (all.includes(text) ? text : null) : all.match(text)?.[0];
          if (found == null) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`ended without saying ${text}: ${stdout}${stderr}`)), reject);
      }),
  };
}
