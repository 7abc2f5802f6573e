import type { Place } from "../place/place.ts";

/** What is said when somebody stops watching a job that goes on by itself. */
export function detachedText(place: Place, jobId: string): string {
  return [
    "Detached; the job goes on.",
    `  to come back  ${place.command("watch", jobId)}`,
    `  to end it     ${place.command("cancel", jobId)}`,
    "",
  ].join("\n");
}
