import { CmoError } from "@cmo/engine";
import type { Environment } from "../host/host.ts";
import {
  createLog,
  type Log,
  type LogFormat,
  type LogLevel,
  type LogOptions,
  logFormats,
  logLevels,
} from "./log.ts";

/** What {@link openLog} is made of. */
export interface OpenLogOptions extends Omit<LogOptions, "level" | "format"> {
  env: Environment;
  /** Whether lines go to somebody's terminal. */
  isTerminal: boolean;
}

/**
 * The log of a server or worker as the environment wants it: `CMO_LOG` is its level, `info` when it is not set;
 * `CMO_LOG_FORMAT` is `json` or `text`: text on a terminal and JSON elsewhere when it is not set.
 * @throws CmoError `config_invalid` for a level or a format that is none.
 */
export function openLog({ env, isTerminal, ...options }: OpenLogOptions): Log {
  const level = choiceOf(env, "CMO_LOG", logLevels) ?? "info";
  const format = choiceOf(env, "CMO_LOG_FORMAT", logFormats) ?? (isTerminal ? "text" : "json");
  return createLog({ ...options, level, format });
}

function choiceOf<Choice extends LogLevel | LogFormat>(
  env: Environment,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const text = env[name]?.trim() ?? "";
  if (text === "") return null;
  const choice = choices.find((one) => one === text.toLowerCase());
  if (choice !== undefined) return choice;
  throw new CmoError("config_invalid", `${name} is set to ${JSON.stringify(text)}, which it cannot be.`, {
    hint: `Set it to ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}, or not at all.`,
  });
}
