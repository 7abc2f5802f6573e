/** What a line of a log may say beside its message. No secrets, nothing about people. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** How bad it is. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** A log for machines: one JSON object a line. */
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
  /** Takes secrets and addresses out of every text. */
  redact(text: string): string;
}

/** A log that writes `{ time, level, message, ...facts }`; `time` is an ISO instant. */
export function createLog(options: LogOptions): Log {
  return withFacts(options, {});
}

function withFacts(options: LogOptions, always: LogFacts): Log {
  const { write, now, redact, level: least = "info" } = options;
  const from = logLevels.indexOf(least);
  const say =
    (level: LogLevel) =>
    (message: string, facts: LogFacts = {}) => {
      if (logLevels.indexOf(level) < from) return;
      const line = { time: new Date(now()).toISOString(), level, message, ...always, ...facts };
      write(
        `${JSON.stringify(line, (_key, value) => (typeof value === "string" ? redact(value) : value))}\n`,
      );
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
