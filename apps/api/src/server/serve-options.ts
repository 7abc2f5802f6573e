import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CmoError } from "@cmo/engine";
import type { Host } from "@cmo/runtime";
import { type ApiLimits, defaultApiLimits } from "../app/api-limits.ts";

/** How a server is to be. What is left out comes from the environment, and then from what is usual. */
export interface ServeOptions {
  /** The address to listen on. Default: `CMO_HOST`, else 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0 for any that is free. Default: `CMO_PORT`, else 2660. */
  readonly port?: number | undefined;
  /** Where jobs are kept, as a person says it. Default: `CMO_STORE`, else the disk. */
  readonly store?: string | undefined;
  /** Whether jobs are worked on in this process too. Default true. */
  readonly worker?: boolean | undefined;
  /** How many jobs at once. Default: `CMO_CONCURRENCY`, else 1. */
  readonly concurrency?: number | undefined;
  /** The folder in which a `config_path` names a file. Default: `CMO_CONFIG_DIR`, else `config` where there is one. */
  readonly configDirectory?: string | undefined;
  /** How many requests a key may make in a minute, 0 for any. Default: `CMO_REQUESTS_PER_MINUTE`, else 1,200. */
  readonly requestsPerMinute?: number | undefined;
  /** How long stopping may take, in milliseconds. Default 10,000. */
  readonly stopWithinMs?: number | undefined;
}

/** {@link ServeOptions} with nothing left out. */
export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  readonly store: string | undefined;
  readonly worker: boolean;
  readonly concurrency: number;
  readonly configDirectory: string | null;
  readonly limits: ApiLimits;
  readonly stopWithinMs: number;
}

/** The port that is documented. */
export const usualPort = 2660;

/** Options with the environment's word for what they leave out. @throws CmoError `usage`, `config_invalid`. */
export function serveSettings(options: ServeOptions, { env, cwd }: Pick<Host, "env" | "cwd">): ServeSettings {
  const fromEnvironment = (name: string, least: number, most: number): number | null => {
    const text = env[name] ?? "";
    if (text === "") return null;
    if (/^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new CmoError("config_invalid", `${name} must be a whole number from ${least} to ${most}.`);
  };
  const folder = options.configDirectory ?? (env.CMO_CONFIG_DIR || undefined);
  return {
    host: options.host ?? (env.CMO_HOST || "127.0.0.1"),
    port: options.port ?? fromEnvironment("CMO_PORT", 0, 65_535) ?? usualPort,
    store: options.store,
    worker: options.worker ?? true,
    concurrency: options.concurrency ?? fromEnvironment("CMO_CONCURRENCY", 1, 100) ?? 1,
    configDirectory: folder === undefined ? usualFolder(cwd) : namedFolder(resolve(cwd, folder)),
    limits: limitsOf(options.requestsPerMinute ?? fromEnvironment("CMO_REQUESTS_PER_MINUTE", 0, 999_999)),
    stopWithinMs: options.stopWithinMs ?? 10_000,
  };
}

function limitsOf(requestsPerMinute: number | null): ApiLimits {
  if (requestsPerMinute === null) return defaultApiLimits;
  const requestBurst = Math.min(defaultApiLimits.requestBurst, Math.max(1, requestsPerMinute));
  return { ...defaultApiLimits, requestsPerMinute, requestBurst };
}

function usualFolder(cwd: string): string | null {
  const folder = join(cwd, "config");
  return isFolder(folder) ? folder : null;
}

function namedFolder(folder: string): string {
  if (isFolder(folder)) return folder;
  throw new CmoError("usage", `${folder} is no folder.`, {
    hint: "Name the folder of configs with --config-dir or CMO_CONFIG_DIR, or leave it out.",
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
