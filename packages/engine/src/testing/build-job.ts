import type { EventDraft } from "../event/event-draft.ts";
import { localTenant } from "../job/local-tenant.ts";
import type { NewJob } from "../port/job-change.ts";
import { foldProgress } from "../progress/fold-progress.ts";
import { initialProgress } from "../progress/initial-progress.ts";
import { foldSummary } from "../summary/reduce-summary.ts";
import { initialSummary } from "../summary/summary-state.ts";
import { buildSpec } from "./build-campaign.ts";
import { buildEvent } from "./build-event.ts";

/** A job as an engine would put it into a store, and its first event. Ids are the caller's to tell apart. */
export function buildNewJob(overrides: Partial<NewJob> = {}): NewJob {
  const id = overrides.id ?? "job_1";
  const spec = overrides.spec ?? buildSpec();
  const event = buildEvent(queuedDraft, { jobId: id });
  return {
    id,
    tenant: localTenant,
    spec,
    status: "queued",
    desired: null,
    priority: 0,
    notBefore: 0,
    attempt: 0,
    attemptOpen: true,
    parentJobId: null,
    startedAt: null,
    finishedAt: null,
    error: null,
    keepUntil: Date.parse("2030-04-01T00:00:00.000Z"),
    logHead: null,
    epoch: 0,
    leaseOwner: null,
    leaseUntil: null,
    snapshot: {
      seq: 1,
      progress: foldProgress(initialProgress(spec.plan), [event]),
      summary: foldSummary(initialSummary(), [event]),
    },
    ...overrides,
  };
}

/** The first event of a job made by {@link buildNewJob}. */
export const queuedDraft: EventDraft = {
  type: "job.queued",
  data: {
    goal: "Find imaginary people",
    plan: ["first", "second", "third"],
    icp: null,
    specDigest: "0".repeat(64),
    targetLeads: 3,
    engineVersion: "0.0.0",
    agent: { name: "test", version: "1.0.0" },
  },
};
