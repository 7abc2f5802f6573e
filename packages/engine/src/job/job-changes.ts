import { chainEvents } from "../chain/chain-events.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { numberDrafts } from "../event/number-drafts.ts";
import { firstSeenCampaign } from "../people/first-seen-campaign.ts";
import type { Digest } from "../port/digest.ts";
import type { JobChange } from "../port/job-change.ts";
import { foldProgress } from "../progress/fold-progress.ts";
import { isUnbegun } from "../schedule/schedule-of.ts";
import { foldSummary } from "../summary/reduce-summary.ts";
import { hasExported } from "./has-exported.ts";
import type { Job, JobPatch, Lease, Snapshot } from "./job.ts";
import { endedHint, isTerminalStatus, moveStatus } from "./job-status.ts";
import { hasLiveLease } from "./live-lease.ts";

/**
 * How long a job is kept that was worked on now: a time in milliseconds since the epoch. A run of a schedule that has
 * not begun holds nothing of anybody, and is kept until it begins.
 */
export function keepUntilOf(job: Pick<Job, "spec" | "status" | "startedAt">, now: number): number {
  return isUnbegun(job) ? Number.MAX_SAFE_INTEGER : now + job.spec.retention.days * 86_400_000;
}

/**
 * The only place where events are put into a change: they go in together with the folds that they lead to, so that a
 * job's row always holds the folds of its whole log, and with the link of the log's chain. Nothing is added after a
 * terminal event; a change that ends the job drops what its agent had in mind, and notes whom it exported.
 * @throws CmoError `invariant_violated` for an event after the end.
 */
export function appendEvents(
  job: Job,
  now: number,
  digest: Digest,
  drafts: readonly EventDraft[],
  patch: JobPatch = {},
): JobChange {
  if (drafts.length === 0) return { patch };
  if (isTerminalStatus(job.status)) {
    throw new CmoError("invariant_violated", `Job ${job.id} has ended; ${drafts[0]?.type} cannot follow.`);
  }
  const { logHead, ...chained } = chainEvents(job, now, digest, drafts);
  const next: JobPatch = { ...patch, logHead, snapshot: advance(job, now, drafts) };
  return {
    events: drafts,
    ...chained,
    patch: next,
    ...(isTerminalStatus(patch.status ?? job.status) ? endOf({ ...job, ...next }) : {}),
  };
}

/** What ends with a job. */
function endOf(job: Job): Pick<JobChange, "checkpoint" | "exportedAs"> {
  const exportedAs = firstSeenCampaign(job.tenant, job.spec.name);
  return { checkpoint: null, ...(hasExported(job) ? { exportedAs } : {}) };
}

/** A job may be taken by a worker: status, epoch, lease, and the event that says so. */
export function claimChange(
  job: Job,
  now: number,
  digest: Digest,
  claim: { readonly workerId: string; readonly leaseMs: number },
): JobChange {
  if (job.status !== "running") moveStatus(job.status, "running");
  const attempt = job.attemptOpen ? job.attempt + 1 : job.attempt;
  const startedAt = job.startedAt ?? now;
  const event: EventDraft = job.attemptOpen
    ? { type: "job.started", data: { attempt } }
    : { type: "job.resumed", data: {} };
  return appendEvents(job, now, digest, [event], {
    status: "running",
    attempt,
    attemptOpen: false,
    startedAt,
    epoch: job.epoch + 1,
    leaseOwner: claim.workerId,
    leaseUntil: now + claim.leaseMs,
    keepUntil: keepUntilOf({ ...job, startedAt }, now),
  });
}

/**
 * Lets a worker write only while it holds the job.
 * @throws CmoError `lease_lost` when another epoch holds it, or its time ran out.
 */
export function assertLease(job: Job, now: number, lease: Lease): void {
  if (job.epoch === lease.epoch && job.leaseOwner === lease.workerId && (job.leaseUntil ?? 0) > now) return;
  throw new CmoError("lease_lost", `Worker ${lease.workerId} no longer holds job ${job.id}.`, {
    hint: "Another worker goes on with it, or will.",
  });
}

/** A worker lets go of a job: its lease ends, and the job has the status that `patch` gives it. */
export function releaseChange(
  job: Job,
  now: number,
  digest: Digest,
  drafts: readonly EventDraft[],
  patch: JobPatch,
): JobChange {
  if (patch.status !== undefined) moveStatus(job.status, patch.status);
  return appendEvents(job, now, digest, drafts, {
    ...patch,
    leaseOwner: null,
    leaseUntil: null,
    keepUntil: keepUntilOf({ ...job, ...patch }, now),
  });
}

/**
 * Asks for a pause. A held job is paused by its worker; one that nobody holds is paused here.
 * @throws CmoError `conflict` for a job that is paused, is being cancelled or has ended.
 */
export function pauseChange(job: Job, now: number, digest: Digest): JobChange {
  moveStatus(job.status, "paused");
  if (job.desired === "cancelled") throw new CmoError("conflict", "The job is being cancelled.");
  if (hasLiveLease(job, now)) return { patch: { desired: "paused" } };
  return releaseChange(job, now, digest, [{ type: "job.paused", data: {} }], {
    status: "paused",
    desired: null,
  });
}

/** Puts a paused job back into the queue, or takes back a pause that was asked for. @throws CmoError `conflict`. */
export function resumeChange(job: Job): JobChange {
  if (job.desired === "paused") return { patch: { desired: null } };
  if (job.status !== "paused") {
    throw new CmoError("conflict", `A ${job.status} job cannot be resumed.`, { hint: endedHint });
  }
  // A run of a schedule that has not begun waits for its time again.
  return { patch: { status: "queued", notBefore: isUnbegun(job) ? job.notBefore : 0 } };
}

function advance(job: Job, now: number, drafts: readonly EventDraft[]): Snapshot {
  const events = numberDrafts(job, drafts, now);
  return {
    seq: job.lastSeq + events.length,
    progress: foldProgress(job.snapshot.progress, events),
    summary: foldSummary(job.snapshot.summary, events),
  };
}
