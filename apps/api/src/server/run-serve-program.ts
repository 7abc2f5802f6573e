import { parseArgs } from "node:util";
import { createNodeHost } from "@cmo/runtime";
import { serve } from "./serve.ts";
import type { ServeOptions } from "./serve-options.ts";

/** The slice of a process that the program runs in. */
export interface ServeProcess {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  exit(code: number): never;
}

const usage = `Usage: node server.js [options]

  --host <address>        listen here (CMO_HOST; 127.0.0.1)
  --port <number>         and on this port, 0 for any (CMO_PORT; 2660)
  --store <place>         where jobs are kept: a file, disk, memory (CMO_STORE; disk)
  --no-worker             only take jobs, and leave working on them to others
  --concurrency <count>   how many jobs at once (CMO_CONCURRENCY; 1)
  --config-dir <folder>   where a config_path names a file (CMO_CONFIG_DIR; config)
  --requests-per-minute <count>  of a key, 0 for any (CMO_REQUESTS_PER_MINUTE; 1200)
  --help                  this text
`;

/** Serves as a command line says, until the process is told to stop. Gives the exit code. */
export async function runServeProgram(args: readonly string[], process: ServeProcess): Promise<number> {
  const options = readOptions(args);
  if (options === "help") {
    process.stdout.write(usage);
    return 0;
  }
  if (typeof options === "string") {
    process.stderr.write(`${options}\n\n${usage}`);
    return 2;
  }
  const controller = new AbortController();
  const stop = () => {
    // Whoever asks twice does not want to wait.
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  return serve(options, {
    host: createNodeHost(),
    signal: controller.signal,
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  });
}

/** The options; `help`; or what is wrong with the line. */
function readOptions(args: readonly string[]): ServeOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        host: { type: "string" },
        port: { type: "string" },
        store: { type: "string" },
        worker: { type: "boolean" },
        concurrency: { type: "string" },
        "config-dir": { type: "string" },
        "requests-per-minute": { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help === true) return "help";
    return {
      host: values.host,
      port: wholeNumber("--port", values.port, 0, 65_535),
      store: values.store,
      worker: values.worker,
      concurrency: wholeNumber("--concurrency", values.concurrency, 1, 100),
      configDirectory: values["config-dir"],
      requestsPerMinute: wholeNumber("--requests-per-minute", values["requests-per-minute"], 0, 999_999),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(flag: string, text: string | undefined, least: number, most: number) {
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new Error(`${flag} must be a whole number from ${least} to ${most}.`);
}
