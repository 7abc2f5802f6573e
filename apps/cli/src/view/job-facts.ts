import type { Job } from "@cmo/engine";

/** What is told of a job: nothing of how it is stored, and no hash of whom it leaves out. */
export function jobFacts(job: Job) {
  const { progress, summary } = job.snapshot;
  return {
    id: job.id,
    name: job.spec.name,
    status: job.status,
    /** What was asked for and has not been done yet. */
    desired: job.desired,
    percent: progress.percent,
    contactable: summary.counts.contactable,
    targetLeads: job.spec.targetLeads,
    attempt: job.attempt,
    priority: job.priority,
    parentJobId: job.parentJobId,
    createdAt: instant(job.createdAt),
    startedAt: instant(job.startedAt),
    finishedAt: instant(job.finishedAt),
    error: job.error,
    lastSeq: job.lastSeq,
  };
}

/** The status in words, with what was asked for and is about to happen. */
export function statusText({ status, desired }: Pick<Job, "status" | "desired">): string {
  switch (desired) {
    case "paused":
      return "pausing";
    case "cancelled":
      return "cancelling";
    case null:
      return status;
    default:
      return desired satisfies never;
  }
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
