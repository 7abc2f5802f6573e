import type { ListedJob } from "./listed-job.ts";

/** Whether a worker holds the job now. */
export function hasLiveLease(job: Pick<ListedJob, "status" | "leaseUntil">, now: number): boolean {
  return job.status === "running" && job.leaseUntil !== null && job.leaseUntil > now;
}
