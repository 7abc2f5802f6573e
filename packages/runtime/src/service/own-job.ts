import { CmoError, type Job } from "@cmo/engine";
import type { ServiceParts } from "./service-parts.ts";

/**
 * The tenant's job of that id. @throws CmoError `not_found`, in the words of the engine: nobody can tell another
 * tenant's job from one that is not there.
 */
export async function ownJob({ runtime, tenant }: ServiceParts, jobId: string): Promise<Job> {
  const job = await runtime.engine.job(jobId);
  if (job === null || job.tenant !== tenant) {
    throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  }
  return job;
}
