import type { Job, JobPatch } from "@cmo/engine";
import { movedError, movedName, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";

/** Whether a change puts a job back into the queue, and not to be cancelled: one that was moved elsewhere must not be. */
export function isPutBack(job: Job, patch: JobPatch = {}): boolean {
  return job.status === "paused" && patch.status === "queued" && patch.desired !== "cancelled";
}

/** What is to be said of those of these jobs that were moved to another store. They are held by the transaction. */
export async function findMoved(
  session: Session,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, Error>> {
  if (jobIds.length === 0) return new Map();
  const byName = new Map(jobIds.map((jobId) => [movedName(jobId), jobId]));
  const rows = await session.all(
    "SELECT name, value FROM @.shared WHERE name = ANY($1::text[]) AND value IS NOT NULL",
    [[...byName.keys()]],
  );
  return new Map(
    rows.map(([name, value]) => {
      const jobId = byName.get(textOf(name)) ?? "";
      return [jobId, movedError(jobId, textOf(value))];
    }),
  );
}
