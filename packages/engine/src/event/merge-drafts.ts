import type { EventDraft } from "./event-draft.ts";

/**
 * Adds an event to those that wait to be stored. `stage.progress` of a stage and `metrics` are merged with an earlier
 * one that no stage, artifact, log or job event has followed; nothing else is merged or dropped (progress, rule 15).
 */
export function mergeDraft(waiting: EventDraft[], draft: EventDraft): void {
  if (draft.type !== "stage.progress" && draft.type !== "metrics" && draft.type !== "quota.updated") {
    waiting.push(draft);
    return;
  }
  for (let index = waiting.length - 1; index >= 0; index -= 1) {
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
  if (earlier.type === "metrics" && later.type === "metrics") {
    return { type: "metrics", data: { metrics: { ...earlier.data.metrics, ...later.data.metrics } } };
  }
  if (earlier.type === "stage.progress" && later.type === "stage.progress") {
    if (earlier.data.stage !== later.data.stage) return null;
    return {
      type: "stage.progress",
      data: {
        ...later.data,
        currentItem: later.data.currentItem ?? earlier.data.currentItem,
        percent: Math.max(earlier.data.percent, later.data.percent),
      },
    };
  }
  if (earlier.type === "quota.updated" && later.type === "quota.updated") {
    return earlier.data.resource === later.data.resource ? later : null;
  }
  return null;
}
