import { artifactName } from "./artifact-name.ts";

/**
 * The name of a job's summary file: `<job_id>_summary.json`.
 *
 * @throws CmoError `export_failed` when the job's id would lead out of the folder.
 */
export function summaryFileName(jobId: string): string {
  return artifactName(jobId, "summary.json");
}

/** A summary as the text of its file: indented JSON in the key order given, ending in a newline. */
export function renderSummaryJson(summary: unknown): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}
