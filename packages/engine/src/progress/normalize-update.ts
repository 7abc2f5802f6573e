import { keepMessage } from "./keep-message.ts";
import { mergeMetric, replaceMetrics, replacesAllMetrics } from "./merge-metric.ts";
import { isTerminalStatus, type Progress } from "./progress.ts";
import { closeDraft, openDraft, type ProgressDraft } from "./progress-draft.ts";
import type { ReportedEvent } from "./progress-event.ts";
import { type ReportedUpdate, readUpdate } from "./read-update.ts";
import { canEnter, completeStage, countItems, enterStage, findStage, showItem } from "./stage-transition.ts";

/** What a report made of a progress, and what goes into the log. */
export interface NormalizedUpdate {
  /** The very progress that was given when nothing changed. */
  readonly progress: Progress;
  /** Folding these over the given progress gives the new one. Empty when nothing changed. */
  readonly events: readonly ReportedEvent[];
}

/**
 * Takes whatever a loosely reporting agent says. `raw` is not trusted: this does not throw, reads own fields once, and
 * neither changes its arguments nor keeps a part of `raw`. Events come in this order: `stage.completed` of the stages
 * left, `stage.started`, `stage.progress`, `metrics` with the changed keys, one `log` for each new warning and error.
 */
export function normalizeUpdate(progress: Progress, raw: unknown): NormalizedUpdate {
  const update = isTerminalStatus(progress.status) ? null : readUpdate(raw);
  if (update === null) return { progress, events: [] };
  const draft = openDraft(progress);
  const events: ReportedEvent[] = [];
  if (update.stage !== null) {
    reportTransition(draft, update.stage, events);
    reportItems(draft, update.stage, update, events);
  }
  if (update.metrics !== null) reportMetrics(draft, update.metrics, events);
  for (const message of update.warnings) reportMessage(draft, "warnings", message, events);
  for (const message of update.errors) reportMessage(draft, "errors", message, events);
  return { progress: closeDraft(draft), events };
}

/** Enters the stage if it is new and there is room; whatever was active is then left, and done. */
function reportTransition(draft: ProgressDraft, stage: string, events: ReportedEvent[]): void {
  if (!canEnter(draft, stage)) return;
  for (const [index, { id }] of draft.stages.entries()) {
    if (completeStage(draft, index)) events.push({ type: "stage.completed", data: { stage: id } });
  }
  if (enterStage(draft, stage, "active")) events.push({ type: "stage.started", data: { stage } });
}

function reportItems(
  draft: ProgressDraft,
  stage: string,
  update: ReportedUpdate,
  events: ReportedEvent[],
): void {
  const index = findStage(draft, stage);
  const counted = countItems(draft, index, update.itemsProcessed, update.itemsTotal);
  const shown = showItem(draft, index, update.currentItem);
  const reached = draft.stages[index];
  if (reached === undefined || !(counted || shown)) return;
  const { itemsProcessed, itemsTotal } = reached;
  const currentItem = stage === draft.stage ? draft.currentItem : null;
  const { percent } = draft;
  events.push({ type: "stage.progress", data: { stage, itemsProcessed, itemsTotal, currentItem, percent } });
}

function reportMetrics(
  draft: ProgressDraft,
  reported: Readonly<Record<string, unknown>>,
  events: ReportedEvent[],
): void {
  const keys = Object.keys(draft.metrics);
  const values = Object.values(draft.metrics);
  const metrics = replacesAllMetrics(keys, values, reported)
    ? replaceMetrics(draft, reported)
    : mergeEach(draft, keys, values, reported);
  if (metrics !== null) events.push({ type: "metrics", data: { metrics } });
}

/** Merges key by key. Answers with what changed, or null when nothing did. */
function mergeEach(
  draft: ProgressDraft,
  knownKeys: readonly string[],
  knownValues: readonly number[],
  reported: Readonly<Record<string, unknown>>,
): Readonly<Record<string, number>> | null {
  const changed: Record<string, number> = {};
  let any = false;
  let position = 0;
  for (const key in reported) {
    const value = reported[key];
    // Where the order is that of the last report, no value has to be looked up by its key.
    const previous = knownKeys[position] === key ? knownValues[position] : draft.metrics[key];
    position += 1;
    if (typeof value !== "number" || !mergeMetric(draft, key, value, previous)) continue;
    changed[key] = value + 0;
    any = true;
  }
  return any ? changed : null;
}

function reportMessage(
  draft: ProgressDraft,
  list: "warnings" | "errors",
  foreign: unknown,
  events: ReportedEvent[],
): void {
  const message = keepMessage(draft, list, foreign);
  if (message === null) return;
  const data =
    list === "warnings"
      ? ({ level: "warning", code: "agent.warning", message } as const)
      : ({ level: "error", code: "agent.error", message } as const);
  events.push({ type: "log", data });
}
