import { type RunEstimate, timeLeftText } from "@cmo/view";
import type { JSX } from "preact";
import { durationText, shortClockText } from "../text/format.ts";

/** When a run ends, in the words of the terminal, and what that rests on. */
export function TimeLeft({ estimate }: { readonly estimate: RunEstimate | null }): JSX.Element | null {
  const text = timeLeftText(estimate);
  if (estimate === null || text === null) return null;
  return (
    <p class="time-left">
      <strong>{text}</strong> {estimate.state === "estimated" ? <span>{groundsText(estimate)}</span> : null}
    </p>
  );
}

function groundsText({
  endsAt,
  percent,
  basis,
}: Extract<RunEstimate, { readonly state: "estimated" }>): string {
  const [likely, most] = [shortClockText(endsAt.p50), shortClockText(endsAt.p90)];
  const ends = likely === most ? `ends at ${likely}` : `ends at ${likely}, in nine of ten cases by ${most}`;
  const waits = basis.quotaWaitMs < 1_000 ? "" : `, ${durationText(basis.quotaWaitMs)} of it for the quota`;
  const runs = basis.runs === 1 ? "one earlier run" : `${basis.runs} earlier runs`;
  return `${ends}${waits} · ${percent} % of its time is over · learnt from ${runs}`;
}
