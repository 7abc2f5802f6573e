import { plannedStages } from "./plan.ts";
import type { Progress } from "./progress.ts";

/**
 * The progress of a job of which nothing but its plan is known. Plan ids are cleaned like reported stages, taken once
 * each, at most 64.
 */
export function initialProgress(plan: readonly string[]): Progress {
  const stages = plannedStages(plan);
  return {
    status: "queued",
    stage: null,
    step: 0,
    totalSteps: stages.length === 0 ? null : stages.length,
    currentItem: null,
    stages,
    metrics: {},
    warnings: [],
    errors: [],
    percent: 0,
  };
}
