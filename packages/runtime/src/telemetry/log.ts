import { textLine } from "./text-line.ts";

/** What a line of a log may say beside its message. No secrets, nothing about people. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** How bad it is. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** How lines are written: an object for machines, or a short line for a person who watches. */
export const logFormats = ["json", "text"] as const;
/** One of {@link logFormats}. */
export type LogFormat = (typeof logFormats)[number];

/** A log, one line at a time. */
export interface Log {
  readonly level: LogLevel;
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  /** The same log, with these facts on every line. */
  with(facts: LogFacts): Log;
}

/** What {@link createLog} is made of. */
export interface LogOptions {
  /** Takes a whole line with its end. */
  write(line: string): void;
  now(): number;
  /** Lines below it are not written. Default `info`. */
  level?: LogLevel;
  /** Default `json`. */
  format?: LogFormat;
  /** Takes secrets and addresses out of every text. */
  redact(text: string): string;
}

/** A log that writes `{ time, level, message, ...facts }`; `time` is an ISO instant. Facts that are null are left out. */
export function createLog(options: LogOptions): Log {
  return withFacts(options, {});
}

function withFacts(options: LogOptions, always: LogFacts): Log {
  const { write, now, redact, level: least = "info", format = "json" } = options;
  const from = logLevels.indexOf(least);
  const lineOf = format === "json" ? jsonLine : textLine;
  const say =
    (level: LogLevel) =>
    (message: string, facts: LogFacts = {}) => {
      if (logLevels.indexOf(level) < from) return;
      const told = Object.entries({ ...always, ...facts }).flatMap(([key, value]) =>
        value === null || value === undefined
          ? []
          : [[key, typeof value === "string" ? redact(value) : value] as const],
      );
      write(lineOf(new Date(now()).toISOString(), level, redact(message), told));
    };
  return {
    level: least,
    debug: say("debug"),
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    with: (facts) => withFacts(options, { ...always, ...facts }),
  };
}

function jsonLine(
  time: string,
  level: LogLevel,
  message: string,
  facts: readonly (readonly [string, string | number | boolean])[],
): string {
  return `${JSON.stringify({ time, level, message, ...Object.fromEntries(facts) })}\n`;
}
