import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/server.js", import.meta.url));

/** A server that runs in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  /** What it has written to its log so far. */
  log(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Where a server runs. */
export interface ServerPlace {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built server on a free port; resolves when it listens. @throws Error when it is not built, or ends. */
export async function startServer(args: readonly string[], place: ServerPlace): Promise<ServerProcess> {
  const { process, log, ended } = spawnServer(["--port", "0", ...args], place);
  const url = await new Promise<string>((resolve, reject) => {
    process.stderr.on("data", () => {
      const found = /"url":"(http:[^"]+)"/.exec(log())?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then((code) => reject(new Error(`The server ended with ${code}: ${log()}`)), reject);
  });
  return { pid: process.pid ?? 0, url, log, kill: (signal) => void process.kill(signal), ended };
}

/** Runs the built server until it ends by itself. @throws Error when it is not built. */
export async function runServer(
  args: readonly string[],
  place: ServerPlace,
): Promise<{ code: number | null; log: string; stdout: string }> {
  const { log, stdout, ended } = spawnServer(args, place);
  return { code: await ended, log: log(), stdout: stdout() };
}

function spawnServer(args: readonly string[], { cwd, env = {} }: ServerPlace) {
  if (!existsSync(program)) throw new Error(`${program} is missing. Build it first: pnpm build`);
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: "", HOME: cwd, XDG_DATA_HOME: join(cwd, ".data"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  let stdout = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code));
  });
  return { process: child, log: () => stderr, stdout: () => stdout, ended };
}
