import type { SimulatorClock } from "../clock/simulator-clock.ts";
import type { FaultScript } from "../fault/fault-rule.ts";
import type { SimulatorLimits } from "../limit/simulator-limits.ts";
import type { ObservedRequest } from "./request-statistics.ts";

/** How a simulator is made. Everything has a default: `createGitHubSimulator()` answers at once and without faults. */
export interface SimulatorOptions {
  /** The same seed, size and day give the same world and the same answers. Default 1. */
  seed?: number | string;
  /** Number of repositories. Default 200. */
  repositories?: number;
  /** ISO time of the world's today, which all its dates lie before. Default: a fixed day, {@link DEFAULT_AS_OF}. */
  asOf?: string;
  /** How long every answer takes, by the clock. Default 0. */
  latencyMs?: number;
  /** Lets an answer take as long as the cost model says as well. Default false. */
  costAsLatency?: boolean;
  /** What goes wrong on purpose; checked as `parseFaults` checks it. */
  faults?: FaultScript;
  /** Time for limits and latencies. Default: the host's. */
  clock?: SimulatorClock;
  /** What is enforced. Default: GitHub's limits. */
  limits?: Partial<SimulatorLimits>;
  /** The only tokens that are accepted. Default: any that is not empty. */
  tokens?: readonly string[];
  /** Tokens that were revoked. */
  revokedTokens?: readonly string[];
  /** Scopes of every accepted token. Default `["read:user"]`. */
  scopes?: readonly string[];
  /** Login of the account that tokens belong to. Default: the world's first person. */
  viewer?: string;
  /** Old logins and what they were renamed to: REST redirects from one to the other. */
  renamedUsers?: Readonly<Record<string, string>>;
  /** Told of every request when it ends. Must not throw. */
  onRequest?: (request: ObservedRequest) => void;
}
