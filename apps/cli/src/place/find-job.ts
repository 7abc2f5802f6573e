import type { JobDetail } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import type { Campaigns } from "./campaigns.ts";
import type { Place } from "./place.ts";

/** The job of that id. @throws CmoError `not_found`, which says where was looked. */
export async function findJob({ service, place }: Campaigns, jobId: string): Promise<JobDetail> {
  try {
    return await service.job(jobId);
  } catch (error) {
    throw error instanceof CmoError && error.code === "not_found" ? noJob(place, jobId) : error;
  }
}

/** The error for a job that is not there. */
export function noJob(place: Place, jobId: string): CmoError {
  return new CmoError("not_found", `There is no job ${jobId} in ${place.name}.`, {
    hint:
      place.type === "store"
        ? "List what there is with: cmo jobs. Another store is named by --store or CMO_STORE."
        : `List what there is with: ${place.command("jobs")}. A key opens the jobs of its tenant only.`,
  });
}
