import type { JobState } from "@cmo/client";

/** What can be asked for a job. */
export type JobAction = "pause" | "resume" | "cancel" | "retry";

const byState: Readonly<Record<JobState, readonly JobAction[]>> = {
  scheduled: ["pause", "cancel"],
  queued: ["pause", "cancel"],
  retrying: ["pause", "cancel"],
  running: ["pause", "cancel"],
  interrupted: ["pause", "cancel"],
  pausing: ["cancel"],
  paused: ["resume", "cancel"],
  cancelling: [],
  cancelled: ["retry"],
  failed: ["retry"],
  completed: [],
};

/** What makes sense in a state; nothing while the state is not known. The server has the last word (409). */
export function possibleActions(state: JobState | null): ReadonlySet<JobAction> {
  return new Set(state === null ? [] : byState[state]);
}
