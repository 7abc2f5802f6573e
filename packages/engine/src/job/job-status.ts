import { CmoError } from "../error/cmo-error.ts";

/** The status of a job. */
export type JobStatus = "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";

/** Every move that a job may make; there is no other. */
const moves: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ["running", "paused", "cancelled"],
  running: ["queued", "paused", "completed", "failed", "cancelled"],
  paused: ["queued", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

/** What to do about a job that cannot be moved. */
export const endedHint = "Retry runs a job that has ended again.";

/** Whether nothing moves a job of this status any more. */
export function isTerminalStatus(status: JobStatus): boolean {
  return moves[status].length === 0;
}

/** Whether a job may go from one status to the other. */
export function canMove(from: JobStatus, to: JobStatus): boolean {
  return moves[from].includes(to);
}

/** The new status. @throws CmoError `conflict` for a move that is not in the table. */
export function moveStatus(from: JobStatus, to: JobStatus): JobStatus {
  if (canMove(from, to)) return to;
  throw new CmoError("conflict", `A ${from} job cannot become ${to}.`, {
    hint: endedHint,
  });
}
