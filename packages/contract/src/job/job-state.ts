import type { Job } from "@cmo/engine";

/** Every state that a job is shown in: its status, with what was asked for and whether anybody is at it. */
export const jobStates = [
  "scheduled",
  "queued",
  "retrying",
  "running",
  "interrupted",
  "pausing",
  "paused",
  "cancelling",
  "cancelled",
  "failed",
  "completed",
] as const;

/** One of {@link jobStates}. */
export type JobState = (typeof jobStates)[number];

/** The part of a job that its state is read from. */
export type StatedJob = Pick<Job, "status" | "desired" | "notBefore" | "attempt" | "leaseUntil">;

/** The state of a job at a time in milliseconds since the epoch. */
export function jobStateOf(
  { status, desired, notBefore, attempt, leaseUntil }: StatedJob,
  now: number,
): JobState {
  switch (desired) {
    case "paused":
      return "pausing";
    case "cancelled":
      return "cancelling";
    case null:
      if (status === "queued" && notBefore > now) return attempt === 0 ? "scheduled" : "retrying";
      // Its process is gone, or as good as gone; whoever works next goes on with it.
      return status === "running" && (leaseUntil ?? 0) <= now ? "interrupted" : status;
    default:
      return desired satisfies never;
  }
}
