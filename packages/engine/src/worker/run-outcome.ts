import { backoffMs } from "../backoff/backoff.ts";
import { type CmoError, toCmoError } from "../error/cmo-error.ts";
import type { EventError } from "../event/event-data.ts";
import type { EventDraft } from "../event/event-draft.ts";
import type { Job, JobPatch } from "../job/job.ts";
import type { QueuedJob } from "../job/new-job.ts";
import type { Random } from "../port/random.ts";

/** Why a run stops before its agent is done. */
export type StopReason = "cancelled" | "paused" | "shutdown" | "lease_lost";

/** The last events and the last patch of a run. */
export interface RunEnd {
  readonly drafts: readonly EventDraft[];
  readonly patch: JobPatch;
  /** The next run of the job's schedule. */
  readonly next?: QueuedJob;
}

/** An error as events carry it, without secrets. */
export function eventErrorOf(thrown: unknown, redact: (text: string) => string): EventError {
  const error = toCmoError(thrown, "agent_failed");
  return {
    code: error.code,
    message: redact(error.message),
    hint: error.hint === null ? null : redact(error.hint),
  };
}

/** The agent is done. What control asked for in the meantime still counts: an acknowledged cancel stays one. */
export function completedEnd(job: Job, now: number, extra: Readonly<Record<string, unknown>> = {}): RunEnd {
  if (job.desired === "cancelled") return cancelledEnd(job, now);
  const { contactable } = job.snapshot.summary.counts;
  const targetMet = contactable === null ? null : contactable >= job.spec.targetLeads;
  return {
    drafts: [{ type: "job.completed", data: { targetMet, ...extra } }],
    patch: { status: "completed", desired: null, finishedAt: now },
  };
}

/**
 * The worker lets go of a job that has not ended. What control asked for last counts: a pause takes place, unless it
 * was taken back or a cancel came after it; then the next worker goes on where this one was, in the same attempt.
 */
export function letGoEnd(job: Job): RunEnd {
  if (job.desired === "paused") {
    return { drafts: [{ type: "job.paused", data: {} }], patch: { status: "paused", desired: null } };
  }
  return { drafts: [], patch: { status: "queued", notBefore: 0 } };
}

/** The job was cancelled. */
export function cancelledEnd(job: Job, now: number): RunEnd {
  return {
    drafts: [{ type: "job.cancelled", data: { partial: isPartial(job) } }],
    patch: { status: "cancelled", desired: null, finishedAt: now },
  };
}

/** The job failed for good; one that was being cancelled ends as cancelled. */
export function failedEnd(job: Job, now: number, error: EventError): RunEnd {
  if (job.desired === "cancelled") return cancelledEnd(job, now);
  return {
    drafts: [{ type: "job.failed", data: { error, partial: isPartial(job) } }],
    patch: { status: "failed", desired: null, finishedAt: now, error },
  };
}

/** Whether another attempt is worth making. */
export function mayRetry(job: Job, error: CmoError): boolean {
  return error.retryable && job.attempt < job.spec.retries.maxAttempts;
}

/** The attempt failed; the job waits for its next one, paused if it is to be, and not at all if it is to be cancelled. */
export function retryingEnd(
  job: Job,
  now: number,
  error: CmoError,
  shown: EventError,
  random: Random,
): RunEnd {
  if (job.desired === "cancelled") return letGoEnd(job);
  const delayMs = Math.max(backoffMs(job.attempt, job.spec.retries, random), error.retryAfterMs ?? 0);
  const retrying: EventDraft = {
    type: "job.retrying",
    data: { attempt: job.attempt, delayMs, error: shown },
  };
  if (job.desired === "paused") {
    const { drafts, patch } = letGoEnd(job);
    return { drafts: [retrying, ...drafts], patch: { ...patch, attemptOpen: true } };
  }
  return { drafts: [retrying], patch: { status: "queued", attemptOpen: true, notBefore: now + delayMs } };
}

function isPartial(job: Job): boolean {
  return job.snapshot.summary.artifacts.some((artifact) => artifact.partial);
}
