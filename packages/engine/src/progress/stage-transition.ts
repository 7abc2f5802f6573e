import { MAX_STAGES, plannedStages } from "./plan.ts";
import type { ProgressStage } from "./progress.ts";
import { ownStages, type ProgressDraft, stagesChanged } from "./progress-draft.ts";
import { cleanStageId } from "./stage-name.ts";

/** Where a stage stands, by its id; -1 when it is not known. */
export function findStage(draft: ProgressDraft, id: string): number {
  const { stages, lastStageIndex } = draft;
  // The same stage comes again and again.
  if (stages[lastStageIndex]?.id === id) return lastStageIndex;
  for (let index = 0; index < stages.length; index += 1) {
    if (stages[index]?.id === id) {
      draft.lastStageIndex = index;
      return index;
    }
  }
  return -1;
}

/** The id that a foreign name stands for, or null when it names no stage. */
export function stageIdOf(draft: ProgressDraft, name: unknown): string | null {
  // An id that is known is clean, so most names need no cleaning.
  if (typeof name === "string" && findStage(draft, name) >= 0) return name;
  return cleanStageId(name);
}

/** Whether a stage of this id was not entered yet, and can be. */
export function canEnter(draft: ProgressDraft, id: string): boolean {
  const known = draft.stages[findStage(draft, id)];
  return known === undefined ? draft.stages.length < MAX_STAGES : known.state === "pending";
}

/**
 * Enters a stage: it becomes the current one and counts a step. A stage that was entered before stays as it is, and so
 * does everything when there is no room for one more. Completes no other stage.
 */
export function enterStage(draft: ProgressDraft, id: string, state: "active" | "done"): boolean {
  if (!canEnter(draft, id)) return false;
  const index = findStage(draft, id);
  const known = draft.stages[index];
  if (known === undefined) ownStages(draft).push({ id, state, itemsProcessed: 0, itemsTotal: null });
  else ownStages(draft)[index] = inState(known, state);
  draft.stage = id;
  draft.step += 1;
  draft.currentItem = null;
  stagesChanged(draft);
  return true;
}

/** Makes an active stage done. */
export function completeStage(draft: ProgressDraft, index: number): boolean {
  const stage = draft.stages[index];
  if (stage?.state !== "active") return false;
  ownStages(draft)[index] = inState(stage, "done");
  stagesChanged(draft);
  return true;
}

/** Raises a stage's counters. The total may move either way, but not below what is processed. */
export function countItems(
  draft: ProgressDraft,
  index: number,
  processed: number | null,
  total: number | null,
): boolean {
  const stage = draft.stages[index];
  if (stage === undefined) return false;
  const itemsProcessed = Math.max(stage.itemsProcessed, processed ?? 0);
  const wanted = total ?? stage.itemsTotal;
  const itemsTotal = wanted === null ? null : Math.max(wanted, itemsProcessed);
  if (itemsProcessed === stage.itemsProcessed && itemsTotal === stage.itemsTotal) return false;
  ownStages(draft)[index] = { id: stage.id, state: stage.state, itemsProcessed, itemsTotal };
  stagesChanged(draft);
  return true;
}

/** Shows a cleaned item, if its stage is the current one. */
export function showItem(draft: ProgressDraft, index: number, item: string | null): boolean {
  if (item === null || item === draft.currentItem || draft.stages[index]?.id !== draft.stage) return false;
  draft.currentItem = item;
  draft.changed = true;
  return true;
}

/** Takes a plan, as long as no stage was entered. What is no list is no plan. */
export function takePlan(draft: ProgressDraft, plan: unknown): void {
  if (draft.step > 0 || !Array.isArray(plan)) return;
  const stages = plannedStages(plan).map((stage) => draft.stages[findStage(draft, stage.id)] ?? stage);
  const known = draft.stages;
  if (stages.length === known.length && stages.every((stage, index) => stage === known[index])) return;
  draft.owned.stages = stages;
  draft.stages = stages;
  stagesChanged(draft);
}

function inState(stage: ProgressStage, state: "active" | "done"): ProgressStage {
  const { id, itemsProcessed, itemsTotal } = stage;
  return { id, state, itemsProcessed, itemsTotal };
}
