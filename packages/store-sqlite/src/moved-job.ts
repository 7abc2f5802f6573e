import type { Job, JobPatch } from "@cmo/engine";
import { movedError, movedName, textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/**
 * Keeps a job that was moved to another store from being worked on here: it does not go back into the queue, unless to
 * be cancelled. Inside a transaction of the caller. @throws CmoError `conflict`.
 */
export function assertNotMoved(connection: Connection, job: Job, patch: JobPatch): void {
  if (job.status !== "paused" || patch.status !== "queued" || patch.desired === "cancelled") return;
  const row = connection.first("SELECT value FROM shared WHERE name = ?", [movedName(job.id)]);
  if (row !== null) throw movedError(job.id, textOf(row[0]));
}
