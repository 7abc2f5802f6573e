import { CmoError, isReadable, type Job, type ListedJob } from "@cmo/engine";
import type { ServiceParts } from "./service-parts.ts";

/**
 * The tenant's job of that id. @throws CmoError `not_found`, in the words of the engine: nobody can tell another
 * tenant's job from one that is not there; `store_corrupt`, `job_newer` for one that cannot be read.
 */
export async function ownJob(parts: ServiceParts, jobId: string): Promise<Job> {
  const job = await ownListedJob(parts, jobId);
  if (!isReadable(job)) throw job.fault;
  return job;
}

/** As {@link ownJob}; one that cannot be read is told of. */
export async function ownListedJob({ runtime, tenant }: ServiceParts, jobId: string): Promise<ListedJob> {
  const job = await runtime.store.readListedJob(jobId);
  if (job === null || job.tenant !== tenant) {
    throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  }
  return job;
}
