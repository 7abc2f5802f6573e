import { type CmoError, cleanText } from "@cmo/engine";

/** An error for people: what happened, everything that is wrong, and what to do. The stack only for those who debug. */
export function errorReport(
  error: CmoError,
  { redact, debug }: { redact: (text: string) => string; debug: boolean },
): string {
  const lines = [`error: ${error.message}`];
  for (const { path, message } of error.problems) {
    lines.push(`       ${cleanText(path.length === 0 ? message : `${path.join(".")}: ${message}`)}`);
  }
  if (error.hint !== null) lines.push(`       ${error.hint}`);
  if (error.code === "internal" && !debug) {
    lines.push("       This is a fault of cmo. CMO_DEBUG=1 shows where it happened.");
  }
  if (debug) lines.push(stackOf(error));
  return `${redact(lines.join("\n"))}\n`;
}

function stackOf(error: CmoError): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\ncaused by: ${error.cause.stack ?? error.cause}` : stack;
}
