import { createLog, type Log, type LogLevel } from "@cmo/runtime";

/** A log that keeps its lines, read back as the objects that they are. */
export function createKeptLog(level: LogLevel = "info"): {
  log: Log;
  text(): string;
  lines(message?: string): Record<string, unknown>[];
} {
  let text = "";
  return {
    log: createLog({
      write: (line) => {
        text += line;
      },
      now: () => Date.parse("2030-01-01T00:00:00.000Z"),
      level,
      redact: (raw) => raw,
    }),
    text: () => text,
    lines: (message) =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Record<string, unknown> => JSON.parse(line))
        .filter((line) => message === undefined || line.message === message),
  };
}
