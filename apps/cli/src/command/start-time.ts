import { CmoError } from "@cmo/engine";

/**
 * When a job is to start, in milliseconds since the epoch: an ISO instant (local time when it names no zone), or a time
 * from now such as `+15m`. @throws CmoError `usage` for what is neither, or is over.
 */
export function readStartTime(text: string, now: number): number {
  const at = fromNow(text, now) ?? instant(text);
  if (at === null || !Number.isFinite(at)) {
    throw new CmoError("usage", `--start-at: ${JSON.stringify(text)} is no time.`, {
      hint: "Write +90s, +15m, +2h or +1d for a time from now, or an instant such as 2030-01-31T09:00.",
    });
  }
  if (at < now) {
    throw new CmoError("usage", `--start-at: ${new Date(at).toISOString()} is over.`, {
      hint: "Leave it out to start at once.",
    });
  }
  if (at > now + longestWaitMs) {
    throw new CmoError("usage", "--start-at: that is more than a year away.");
  }
  return at;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const longestWaitMs = 366 * unitMs.d;

function fromNow(text: string, now: number): number | null {
  const found = /^\+(\d{1,9})([smhd])$/.exec(text);
  if (found === null) return null;
  const unit = found[2] as keyof typeof unitMs;
  return now + Number(found[1]) * unitMs[unit];
}

/** A date alone would be midnight in Greenwich, which few people mean. */
function instant(text: string): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (found === null) return null;
  // A day that the month does not have would become one of the next.
  const day = new Date(`${found[1]}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== found[1]) return null;
  return Date.parse(text);
}
