import { mergeEvents } from "../progress/merge-events.ts";
import type { EventDraft } from "./event-draft.ts";

/**
 * Adds an event to those that wait to be stored. `stage.progress` of a stage and `metrics` are merged with an earlier
 * one that no stage, artifact, log or job event has followed (progress, rule 15), and so is the quota of a resource;
 * nothing else is merged or dropped.
 */
export function mergeDraft(waiting: EventDraft[], draft: EventDraft): void {
  for (let index = waiting.length - 1; index >= 0 && !isBoundary(draft); index -= 1) {
    const earlier = waiting[index];
    if (earlier === undefined || isBoundary(earlier)) break;
    const merged = merge(earlier, draft);
    if (merged !== null) {
      waiting[index] = merged;
      return;
    }
  }
  waiting.push(draft);
}

/** Whether an event may be merged with one of its kind. */
export function isMergeable(draft: EventDraft): boolean {
  return draft.type === "stage.progress" || draft.type === "metrics" || draft.type === "quota.updated";
}

/** Whether an event is stored as it is and at once: all but those that may be merged, and tool traffic. */
export function isBoundary(draft: EventDraft): boolean {
  switch (draft.type) {
    case "stage.progress":
    case "metrics":
    case "quota.updated":
    case "tool.started":
    case "tool.completed":
      return false;
    default:
      return true;
  }
}

function merge(earlier: EventDraft, later: EventDraft): EventDraft | null {
  if (earlier.type === "quota.updated" && later.type === "quota.updated") {
    return earlier.data.resource === later.data.resource ? later : null;
  }
  return mergeEvents(earlier, later);
}
