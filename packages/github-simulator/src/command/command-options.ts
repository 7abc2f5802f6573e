import { parseArgs } from "node:util";
import type { FaultRule } from "../fault/fault-rule.ts";
import { parseFaults } from "../fault/parse-faults.ts";

/** What the command line asks for. */
interface CommandOptions {
  port: number;
  seed: string;
  repositories: number;
  latencyMs: number;
  costAsLatency: boolean;
  faults: readonly FaultRule[];
  asOf: string | null;
}

/** Options, a wish for help, or everything that is wrong. */
export type ParsedCommand =
  | { kind: "run"; options: CommandOptions }
  | { kind: "help" }
  | { kind: "problems"; problems: readonly string[] };

/** The help text. */
export const COMMAND_HELP = `cmo-github-simulator: a GitHub in a box, on a loopback port

Usage: cmo-github-simulator [options]

  --port N           port on 127.0.0.1; 0 takes a free one (default 8080)
  --seed TEXT        the same seed gives the same world (default 1)
  --repositories N   size of the world, 1 to 10000000 (default 200)
  --as-of TIME       the world's today, an ISO time (default: today)
  --latency-ms N     how long every answer takes (default 0)
  --cost-as-latency  answers also take as long as the cost model says
  --faults JSON      what goes wrong, such as '{"bad_gateway":0.05}' or
                     '[{"fault":"rate_limited","at":3,"operation":"people"}]'
  --help             this text

Ends on Ctrl-C. Exit codes: 0 ended, 1 could not listen, 2 usage.
`;

/** Reads the arguments; finds every problem at once. */
export function parseCommand(args: readonly string[]): ParsedCommand {
  const parsed = readArguments(args);
  if (typeof parsed === "string") return { kind: "problems", problems: [parsed] };
  if (parsed.help === true) return { kind: "help" };
  const problems: string[] = [];
  const wholeNumber = (
    name: string,
    text: string | undefined,
    standard: number,
    least: number,
    most: number,
  ): number => {
    if (text === undefined) return standard;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    problems.push(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
    return standard;
  };
  const options: CommandOptions = {
    port: wholeNumber("port", parsed.port, 8080, 0, 65_535),
    seed: parsed.seed ?? "1",
    repositories: wholeNumber("repositories", parsed.repositories, 200, 1, 10_000_000),
    latencyMs: wholeNumber("latency-ms", parsed["latency-ms"], 0, 0, 600_000),
    costAsLatency: parsed["cost-as-latency"] ?? false,
    faults: readFaults(parsed.faults, problems),
    asOf: parsed["as-of"] ?? null,
  };
  if (options.asOf !== null && Number.isNaN(Date.parse(options.asOf))) {
    problems.push(`--as-of must be an ISO time, not "${options.asOf}".`);
  }
  return problems.length === 0 ? { kind: "run", options } : { kind: "problems", problems };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        seed: { type: "string" },
        repositories: { type: "string" },
        "as-of": { type: "string" },
        "latency-ms": { type: "string" },
        "cost-as-latency": { type: "boolean" },
        faults: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readFaults(text: string | undefined, problems: string[]): readonly FaultRule[] {
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problems.push("--faults must be JSON.");
    return [];
  }
  const parsed = parseFaults(value);
  if (parsed.ok) return parsed.rules;
  problems.push(...parsed.problems.map(({ path, message }) => `--faults ${path}: ${message}`));
  return [];
}
