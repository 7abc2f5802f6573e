import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { CmoError } from "@cmo/engine";
import type { Host } from "@cmo/runtime";
import { loadServer } from "../serve/load-server.ts";
import type { CommandContext } from "./command-context.ts";

/** What `cmo serve` was told. */
export interface ServeCommandOptions {
  host?: string;
  port?: number;
  /** Whether jobs are worked on in this process too. */
  worker: boolean;
  concurrency?: number;
  store?: string;
  /** The file of keys. */
  keys?: string;
  /** How many requests a key may make in a minute, 0 for any. */
  requestsPerMinute?: number;
  /** The folder in which a `config_path` of a request names a file. */
  configDir?: string;
}

/**
 * Serves the API until the first interrupt, and gives the server's exit code. Its address is the one line of stdout; its
 * log goes to stderr. @throws CmoError `usage` for a file of keys that is not there, and when the API is not built.
 */
export async function serveCommand(
  options: ServeCommandOptions,
  { host, terminal, interrupts }: CommandContext,
): Promise<number> {
  const { keys, configDir, ...others } = options;
  const server = await loadServer();
  return server.serve(
    { ...others, configDirectory: configDir },
    {
      host: keys === undefined ? host : withKeys(host, await existingFile(resolve(host.cwd, keys))),
      signal: interrupts.signal,
      write: (text) => terminal.writeError(text),
      onListening: (url) => void terminal.write(`${url}\n`),
    },
  );
}

/** Without the file that was named, the server would have no keys and let everybody in. */
async function existingFile(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (error) {
    throw new CmoError("usage", `--keys: there is no file ${path}.`, {
      hint: "Make it with: cmo keys create --tenant NAME --keys FILE",
      cause: error,
    });
  }
}

function withKeys(host: Host, file: string): Host {
  // Not spread: a home that nobody knows is asked for only when it is needed.
  return Object.create(host, { env: { value: { ...host.env, CMO_KEYS_FILE: file } } });
}
