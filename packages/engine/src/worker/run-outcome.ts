import { backoffMs } from "../backoff/backoff.ts";
import { type CmoError, toCmoError } from "../error/cmo-error.ts";
import type { EventError } from "../event/event-data.ts";
import type { EventDraft } from "../event/event-draft.ts";
import type { Job, JobPatch } from "../job/job.ts";
import type { Random } from "../port/random.ts";

/** Why a run stops before its agent is done. */
export type StopReason = "cancelled" | "paused" | "shutdown" | "lease_lost";

/** The last events and the last patch of a run. */
export interface RunEnd {
  readonly drafts: readonly EventDraft[];
  readonly patch: JobPatch;
}

/** An error as events carry it, without secrets. */
export function eventErrorOf(thrown: unknown, redact: (text: string) => string): EventError {
  const error = toCmoError(thrown, "agent_failed");
  return { code: error.code, message: redact(error.message), hint: error.hint === null ? null : redact(error.hint) };
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

/** The job was cancelled. */
export function cancelledEnd(job: Job, now: number): RunEnd {
  return {
    drafts: [{ type: "job.cancelled", data: { partial: isPartial(job) } }],
    patch: { status: "cancelled", desired: null, finishedAt: now },
  };
}

/** The job failed for good. */
export function failedEnd(job: Job, now: number, error: EventError): RunEnd {
  return {
    drafts: [{ type: "job.failed", data: { error, partial: isPartial(job) } }],
    patch: { status: "failed", desired: null, finishedAt: now, error },
  };
}

/** The job was paused; it keeps all it has, and no lease. */
export function pausedEnd(): RunEnd {
  return { drafts: [{ type: "job.paused", data: {} }], patch: { status: "paused", desired: null } };
}

/** The worker stops; the next one goes on where it was, in the same attempt. */
export function handedBackEnd(): RunEnd {
  return { drafts: [], patch: { status: "queued", notBefore: 0 } };
}

/** Whether another attempt is worth making. */
export function mayRetry(job: Job, error: CmoError): boolean {
  return error.retryable && job.attempt < job.spec.retries.maxAttempts;
}

/** The attempt failed; the job waits for its next one. */
export function retryingEnd(job: Job, now: number, error: CmoError, shown: EventError, random: Random): RunEnd {
  const delayMs = Math.max(backoffMs(job.attempt, job.spec.retries, random), error.retryAfterMs ?? 0);
  return {
    drafts: [{ type: "job.retrying", data: { attempt: job.attempt, delayMs, error: shown } }],
    patch: { status: "queued", attemptOpen: true, notBefore: now + delayMs },
  };
}

function isPartial(job: Job): boolean {
  return job.snapshot.summary.artifacts.some((artifact) => artifact.partial);
}
