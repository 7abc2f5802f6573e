import type { Job } from "./job.ts";

/** Whether a worker holds the job now. */
export function hasLiveLease(job: Job, now: number): boolean {
  return job.status === "running" && job.leaseUntil !== null && job.leaseUntil > now;
}
