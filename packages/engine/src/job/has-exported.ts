import type { Job } from "./job.ts";

/**
 * Whether a job that ends is a run of its campaign. One that was cut short exported what it has: whoever is in its files
 * may have been written to. One that has nobody is none, and the one before it stays the last.
 */
export function hasExported({ spec, status, snapshot }: Pick<Job, "spec" | "status" | "snapshot">): boolean {
  return !spec.dryRun && (status === "completed" || (snapshot.summary.counts.contactable ?? 0) > 0);
}
