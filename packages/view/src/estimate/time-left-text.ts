import type { RunEstimate } from "./run-estimate.ts";

/**
 * An estimate as a person reads it: `about 2 min left (up to 4 min)`, or why there is none. Null where the state of the
 * run says it already. `brief` is for narrow lines.
 */
export function timeLeftText(
  estimate: RunEstimate | null,
  { brief = false }: { readonly brief?: boolean } = {},
): string | null {
  if (estimate === null) return null;
  if (estimate.state === "unknown") {
    const reason = unknownReason(estimate.because);
    if (reason === null) return null;
    return brief ? "time left unknown" : `time left unknown: ${reason}`;
  }
  const { p50, p90 } = estimate.remainingMs;
  const likely = roundedDuration(p50);
  const most = roundedDuration(p90);
  const left = p50 < leastMs ? `${likely} left` : `about ${likely} left`;
  if (likely === most) return brief ? `${likely} left` : left;
  return brief ? `${likely} left (max ${most})` : `${left} (up to ${most})`;
}

function unknownReason(because: Extract<RunEstimate, { state: "unknown" }>["because"]): string | null {
  switch (because) {
    case "first_of_its_kind":
      return "first run of its kind";
    case "overdue":
      return "later than expected";
    case "not_started":
    case "paused":
    case "between_attempts":
      return null;
    default:
      return because satisfies never;
  }
}

const leastMs = 5_000;

/** As exact as an estimate is: to five seconds in the first minute, then to minutes, then to five of them. */
function roundedDuration(milliseconds: number): string {
  if (milliseconds < leastMs) return "less than 5 s";
  const seconds = Math.round(milliseconds / 5_000) * 5;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 60) return `${Math.max(1, minutes)} min`;
  const inFives = Math.round(minutes / 5) * 5;
  const rest = inFives % 60;
  return `${Math.floor(inFives / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}
