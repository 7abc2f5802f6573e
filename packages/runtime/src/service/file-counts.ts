import type { PersonErased } from "@cmo/contract";
import type { RefreshedFile } from "../people/refresh-files.ts";

/**
 * What became of the files of these jobs, without where they are, which is the server's own. An erase sees to what was
 * left of others too, and of that nothing is told.
 */
export function fileCounts(files: readonly RefreshedFile[], jobs: readonly string[]): PersonErased["files"] {
  const counts = { rewritten: 0, removed: 0, missing: 0, failed: 0 };
  for (const { jobId, outcome } of files) if (jobs.includes(jobId)) counts[outcome] += 1;
  return counts;
}
