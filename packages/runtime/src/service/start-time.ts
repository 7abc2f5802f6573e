import { CmoError } from "@cmo/engine";

/** As the command line: who means more has mistyped the year, and a job that waits for ever is never let go of. */
const longestWaitMs = 366 * 86_400_000;

/** When a job is to start, in milliseconds since the epoch; one that is over is at once. @throws CmoError `usage`. */
export function readStartTime(text: string, now: number): number {
  const at = Date.parse(text);
  if (!Number.isFinite(at)) throw wrong("must be an instant that exists, such as 2030-01-31T12:00:00.000Z");
  if (at > now + longestWaitMs) throw wrong("must be within a year from now");
  return Math.max(0, at);
}

function wrong(message: string): CmoError {
  return new CmoError("usage", `notBefore ${message}.`, { problems: [{ path: ["notBefore"], message }] });
}
