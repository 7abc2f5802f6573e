import { homedir } from "node:os";
import type { Clock, Random } from "@cmo/engine";
import { createClock } from "@cmo/engine";
import type { Fetch } from "@cmo/github";
import { runGhAuthToken } from "@cmo/github";
import { createHostFetch } from "../http/create-host-fetch.ts";
import { nodeRandom } from "./node-random.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a runtime takes from the machine it runs on. Tests give their own. */
export interface Host {
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** The person's home folder. */
  readonly home: string;
  /** The name that Node has for the system: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  /** What `gh auth token` says for a host name, or null. */
  runGh(hostname: string): Promise<string | null>;
  /** The version of Node, without a `v`. */
  readonly nodeVersion: string;
}

/** The environment of this process: the one place that reads `process.env`. */
export function processEnvironment(): Environment {
  return process.env;
}

/** This process as a {@link Host}. @throws CmoError `config_invalid` for a proxy variable that is no URL. */
export function createNodeHost(): Host {
  const env = processEnvironment();
  return {
    env,
    cwd: process.cwd(),
    // Asked for when it is needed: in some containers nobody knows it.
    get home() {
      return homedir();
    },
    platform: process.platform,
    clock: createClock(globalThis),
    random: nodeRandom,
    fetch: createHostFetch(env),
    runGh: (hostname) => runGhAuthToken(hostname),
    nodeVersion: process.versions.node,
  };
}
