import type { JobState } from "@cmo/client";
import type { JSX } from "preact";

const marks: Readonly<Record<JobState, string>> = {
  scheduled: "◷",
  queued: "○",
  retrying: "↻",
  running: "▶",
  interrupted: "…",
  pausing: "‖",
  paused: "‖",
  cancelling: "×",
  cancelled: "×",
  failed: "!",
  completed: "✓",
};

/** A job's state in a word, with a mark, so that colour is never the only sign. */
export function StateBadge({ state }: { readonly state: JobState }): JSX.Element {
  return (
    <span class={`badge badge-${state}`}>
      <span aria-hidden="true">{marks[state]}</span> {state}
    </span>
  );
}
