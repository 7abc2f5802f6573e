import { itemCount } from "./item-count.ts";
import { cleanItem } from "./item-name.ts";
import { keepMessage } from "./keep-message.ts";
import { mergeMetric } from "./merge-metric.ts";
import { MAX_PERCENT_BEFORE_END } from "./percent.ts";
import { isTerminalStatus, type ProgressStatus } from "./progress.ts";
import type { ProgressDraft } from "./progress-draft.ts";
import type { ProgressEvent } from "./progress-event.ts";
import { readRecord } from "./read-record.ts";
import {
  completeStage,
  countItems,
  enterStage,
  findStage,
  showItem,
  stageIdOf,
  takePlan,
} from "./stage-transition.ts";

/**
 * Applies one event of a log to a draft. Total: whatever the event is, this does not throw and no rule is broken. An
 * event of an unknown type, and every event after the terminal one, changes nothing.
 */
export function applyEvent(draft: ProgressDraft, event: ProgressEvent): void {
  if (isTerminalStatus(draft.status)) return;
  try {
    applyData(draft, event.type, event.data);
  } catch {
    // Only reading can fail here: a field with a getter that throws, or no event at all. That says nothing.
  }
}

function applyData(draft: ProgressDraft, type: unknown, data: unknown): void {
  switch (type) {
    case "stage.progress":
      applyStageProgress(draft, readRecord(data));
      break;
    case "metrics":
      applyMetrics(draft, readRecord(readRecord(data)?.metrics));
      break;
    case "log":
      applyLog(draft, readRecord(data));
      break;
    case "stage.started":
      applyStageStarted(draft, readRecord(data));
      break;
    case "stage.completed":
      applyStageCompleted(draft, readRecord(data));
      break;
    case "job.queued":
      takePlan(draft, readRecord(data)?.plan);
      moveTo(draft, "queued");
      break;
    case "job.retrying":
      moveTo(draft, "queued");
      break;
    case "job.started":
    case "job.resumed":
      moveTo(draft, "running");
      break;
    case "job.paused":
      moveTo(draft, "paused");
      break;
    case "job.completed":
      completeJob(draft);
      break;
    case "job.failed":
      moveTo(draft, "failed");
      break;
    case "job.cancelled":
      moveTo(draft, "cancelled");
      break;
  }
}

function applyStageStarted(draft: ProgressDraft, data: Data): void {
  const id = stageIdOf(draft, data?.stage);
  if (id === null) return;
  const itemsTotal = itemCount(data?.itemsTotal);
  enterStage(draft, id, "active");
  countItems(draft, findStage(draft, id), null, itemsTotal);
}

/** A stage that completes without having started was entered and done at once. */
function applyStageCompleted(draft: ProgressDraft, data: Data): void {
  const id = stageIdOf(draft, data?.stage);
  if (id === null) return;
  if (!completeStage(draft, findStage(draft, id))) enterStage(draft, id, "done");
}

/** Progress enters no stage; it is kept for a stage that is known. */
function applyStageProgress(draft: ProgressDraft, data: Data): void {
  const id = stageIdOf(draft, data?.stage);
  const index = id === null ? -1 : findStage(draft, id);
  if (index < 0 || data === null) return;
  const { itemsProcessed, itemsTotal, currentItem, percent } = data;
  countItems(draft, index, itemCount(itemsProcessed), itemCount(itemsTotal));
  if (currentItem !== draft.currentItem) showItem(draft, index, cleanItem(currentItem));
  const reached = Math.min(itemCount(percent) ?? 0, MAX_PERCENT_BEFORE_END);
  if (reached > draft.percent) {
    draft.percent = reached;
    draft.changed = true;
  }
}

function applyMetrics(draft: ProgressDraft, metrics: Data): void {
  if (metrics === null) return;
  for (const key of Object.keys(metrics)) mergeMetric(draft, key, metrics[key]);
}

function applyLog(draft: ProgressDraft, data: Data): void {
  if (data?.level === "warning") keepMessage(draft, "warnings", data.message);
  else if (data?.level === "error") keepMessage(draft, "errors", data.message);
}

function moveTo(draft: ProgressDraft, status: ProgressStatus): void {
  if (draft.status === status) return;
  draft.status = status;
  draft.changed = true;
}

function completeJob(draft: ProgressDraft): void {
  for (let index = 0; index < draft.stages.length; index += 1) completeStage(draft, index);
  moveTo(draft, "completed");
  draft.currentItem = null;
  draft.percent = 100;
}

type Data = Readonly<Record<string, unknown>> | null;
