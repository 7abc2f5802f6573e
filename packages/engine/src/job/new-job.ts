import { engineVersion } from "../engine/engine-version.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { JobChange, NewJob } from "../port/job-change.ts";
import { initialProgress } from "../progress/initial-progress.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { specDigestInput } from "../spec/spec-digest-input.ts";
import { initialSummary } from "../summary/summary-state.ts";
import type { Job } from "./job.ts";
import { appendEvents, keepUntilOf } from "./job-changes.ts";

/** What tells one new job from another. */
export type NewJobFacts = Pick<Job, "id" | "tenant" | "spec" | "priority" | "notBefore" | "parentJobId">;

/** A job to be put in, with the first events of its log and their place in its chain. */
export interface QueuedJob extends Pick<JobChange, "link" | "dataTexts"> {
  readonly job: NewJob;
  readonly events: readonly EventDraft[];
}

/** A job as it comes into the queue at a time in milliseconds since the epoch; `more` is said of it at once. */
export function newJob(
  facts: NewJobFacts,
  now: number,
  digest: Digest,
  more: readonly EventDraft[] = [],
): QueuedJob {
  const { spec, parentJobId, notBefore } = facts;
  const unborn: Job = {
    ...facts,
    status: "queued",
    desired: null,
    attempt: 0,
    attemptOpen: true,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    error: null,
    keepUntil: 0,
    lastSeq: 0,
    logHead: null,
    epoch: 0,
    leaseOwner: null,
    leaseUntil: null,
    snapshot: { seq: 0, progress: initialProgress(spec.plan), summary: initialSummary() },
  };
  const drafts = [queuedEvent(spec, digest, parentJobId), ...more];
  const {
    events = [],
    patch,
    ...chained
  } = appendEvents(unborn, now, digest, drafts, { keepUntil: keepUntilOf(unborn, Math.max(now, notBefore)) });
  const { createdAt: _createdAt, lastSeq: _lastSeq, ...job } = { ...unborn, ...patch };
  return { job, events, ...chained };
}

function queuedEvent(spec: JobSpec, digest: Digest, parentJobId: string | null): EventDraft {
  return {
    type: "job.queued",
    data: {
      goal: spec.goal,
      plan: [...spec.plan],
      icp: JSON.parse(JSON.stringify(spec.icp)) as Record<string, unknown>,
      specDigest: digestText(digest, specDigestInput(spec)),
      targetLeads: spec.targetLeads,
      engineVersion,
      agent: { ...spec.agent },
      purpose: spec.purpose,
      basis: spec.basis,
      configVersion: spec.configVersion,
      ...(spec.onlyNew === undefined ? {} : { baselineJobId: spec.onlyNew.baseline?.jobId ?? null }),
      ...(parentJobId === null ? {} : { parentJobId }),
    },
  };
}
