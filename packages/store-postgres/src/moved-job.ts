import type { Job, JobPatch } from "@cmo/engine";
import { movedError, movedName, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";

/**
 * Keeps a job that was moved to another store from being worked on here: it does not go back into the queue, unless to
 * be cancelled. The job is held by the transaction. @throws CmoError `conflict`.
 */
export async function assertNotMoved(session: Session, job: Job, patch: JobPatch): Promise<void> {
  if (job.status !== "paused" || patch.status !== "queued" || patch.desired === "cancelled") return;
  const row = await session.first("SELECT value FROM @.shared WHERE name = $1 AND value IS NOT NULL", [
    movedName(job.id),
  ]);
  if (row !== null) throw movedError(job.id, textOf(row[0]));
}
