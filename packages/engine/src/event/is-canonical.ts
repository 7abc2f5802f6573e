import { isDataCode } from "./data-code.ts";
import type { EventDraft } from "./event-draft.ts";

/** The types of which events may be canonical. */
export type CanonicalType =
  | "job.queued"
  | "job.started"
  | "job.cancelled"
  | "job.failed"
  | "job.completed"
  | "stage.started"
  | "stage.completed"
  | "artifact.created"
  | "log";

/**
 * Whether an event is one of those that follow from the campaign and its answers alone: the job's beginning and end, the
 * stages, the files of leads, what is said of the data. What a canonical log is made of, and what a job's chain covers.
 */
export function isCanonical<E extends EventDraft>(event: E): event is Extract<E, { type: CanonicalType }> {
  const draft: EventDraft = event;
  switch (draft.type) {
    case "job.queued":
    case "job.started":
    case "job.cancelled":
    case "job.failed":
    case "job.completed":
    case "stage.started":
    case "stage.completed":
      return true;
    case "artifact.created":
      return String(draft.data.kind).startsWith("leads_");
    case "log":
      return isDataCode(draft.data.code);
    case "job.paused":
    case "job.resumed":
    case "job.retrying":
    case "stage.progress":
    case "metrics":
    case "tool.started":
    case "tool.completed":
    case "quota.updated":
    case "quota.waiting":
      return false;
    default:
      // One from a later version.
      draft satisfies never;
      return false;
  }
}
