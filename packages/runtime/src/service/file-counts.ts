import type { PersonErased } from "@cmo/contract";
import type { RefreshedFile } from "../people/refresh-files.ts";
import type { ServiceParts } from "./service-parts.ts";

/**
 * What became of the files of these jobs, and of others of the tenant that were still to be seen to; without where they
 * are, which is the server's own.
 */
export async function fileCounts(
  { runtime, tenant }: ServiceParts,
  files: readonly RefreshedFile[],
  jobs: readonly string[],
): Promise<PersonErased["files"]> {
  const counts = { rewritten: 0, removed: 0, missing: 0, failed: 0 };
  for (const { jobId, outcome } of files) {
    const isOwn = jobs.includes(jobId) || (await runtime.engine.job(jobId))?.tenant === tenant;
    if (isOwn) counts[outcome] += 1;
  }
  return counts;
}
