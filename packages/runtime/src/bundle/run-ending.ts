import { asKnownEvent, type EventError, type JobEvent, type JobStatus } from "@cmo/engine";

/** How a run ended, and how far it was by then: what a replay has to do over again. */
export interface RunEnding {
  readonly status: Extract<JobStatus, "completed" | "failed" | "cancelled">;
  /** Why it failed; null when it did not. */
  readonly error: EventError | null;
  /** Whether anybody began to work on it. */
  readonly isStarted: boolean;
  /** Whether a stage was entered. */
  readonly hasBegun: boolean;
  /** Whether the searches had come to their end, and not only been cut short. */
  readonly hasSearched: boolean;
  /** How many files were described before the run was cut short. */
  readonly wholeFiles: number;
}

/** The ending that a log tells of; null for one without an end. */
export async function readEnding(events: AsyncIterable<JobEvent>): Promise<RunEnding | null> {
  let ending: RunEnding = {
    status: "completed",
    error: null,
    isStarted: false,
    hasBegun: false,
    hasSearched: false,
    wholeFiles: 0,
  };
  let hasEnded = false;
  for await (const raw of events) {
    const event = asKnownEvent(raw);
    switch (event?.type) {
      case "job.started":
        ending = { ...ending, isStarted: true };
        break;
      case "stage.started":
        ending = { ...ending, hasBegun: true };
        break;
      case "stage.completed":
        if (event.data.stage === "discovery") ending = { ...ending, hasSearched: true };
        break;
      case "artifact.created":
        if (!event.data.partial) ending = { ...ending, wholeFiles: ending.wholeFiles + 1 };
        break;
      case "job.completed":
        hasEnded = true;
        break;
      case "job.failed":
        ending = { ...ending, status: "failed", error: event.data.error };
        hasEnded = true;
        break;
      case "job.cancelled":
        ending = { ...ending, status: "cancelled" };
        hasEnded = true;
        break;
      default:
        break;
    }
  }
  return hasEnded ? ending : null;
}
