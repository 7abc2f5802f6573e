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
    /** When it may be taken; null for at once. */
    notBefore: job.notBefore === 0 ? null : instant(job.notBefore),
    parentJobId: job.parentJobId,
    createdAt: instant(job.createdAt),
    startedAt: instant(job.startedAt),
    finishedAt: instant(job.finishedAt),
    /** It is erased after this. */
    keepUntil: instant(job.keepUntil),
    error: job.error,
    lastSeq: job.lastSeq,
  };
}

/** The status in words, with what was asked for and is about to happen, and whether anybody is at it. */
export function statusText(
  {
    status,
    desired,
    notBefore,
    attempt,
    leaseUntil,
  }: Pick<Job, "status" | "desired" | "notBefore" | "attempt" | "leaseUntil">,
  now: number,
): string {
  switch (desired) {
    case "paused":
      return "pausing";
    case "cancelled":
      return "cancelling";
    case null:
      if (status === "queued" && notBefore > now) return attempt === 0 ? "scheduled" : "retrying";
      // Its process is gone, or as good as gone; whoever works next goes on with it.
      return status === "running" && (leaseUntil ?? 0) <= now ? "interrupted" : status;
    default:
      return desired satisfies never;
  }
}

/** An ISO instant; null for none, and for a time that no calendar has. */
export function instant(at: number | null): string | null {
  return at === null || Math.abs(at) > 8.64e15 ? null : new Date(at).toISOString();
}
