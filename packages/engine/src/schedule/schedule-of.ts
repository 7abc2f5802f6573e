import type { Job } from "../job/job.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import type { JobSpec } from "../spec/job-spec.ts";

/** The schedule that a campaign is run again by; null for one that is run once. */
export function scheduleOf({ schedule, dryRun }: JobSpec): NonNullable<JobSpec["schedule"]> | null {
  return dryRun ? null : (schedule ?? null);
}

/** The same campaign, run once. */
export function withoutSchedule({ schedule: _schedule, ...once }: JobSpec): JobSpec {
  return once;
}

/** The first run of the schedule that a job is a run of. */
export function firstRunOf({ id, spec }: Pick<Job, "id" | "spec">): string {
  return spec.schedule?.firstJobId ?? id;
}

/** Whether two jobs are runs of one schedule. */
export function isSameSchedule(one: Pick<Job, "id" | "spec">, other: Pick<Job, "id" | "spec">): boolean {
  return firstRunOf(one) === firstRunOf(other);
}

/** Whether a job is a run of a schedule that waits for its time, or is held before it. */
export function isUnbegun({ spec, status, startedAt }: Pick<Job, "spec" | "status" | "startedAt">): boolean {
  return scheduleOf(spec) !== null && startedAt === null && !isTerminalStatus(status);
}
