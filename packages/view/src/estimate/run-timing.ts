import type { Progress } from "@cmo/engine";
import type { RunPace } from "./run-pace.ts";

/** What a stage of a run came to. */
export interface StageTiming {
  readonly id: string;
  readonly items: number;
  /** See {@link RunPace.stageMs}. */
  readonly workMs: number;
  readonly answers: number;
}

/** How far off an estimate was: how far it thought the run to be (0 to 1), and the logarithm of actual over estimated time left. */
export interface EstimateError {
  readonly share: number;
  readonly logRatio: number;
}

/**
 * What is kept of a run that completed, so that the end of the next one can be estimated: durations in milliseconds and
 * counts, nothing of a person. JSON.
 */
export interface RunTiming {
  readonly setupMs: number;
  /** In the order of the plan. */
  readonly stages: readonly StageTiming[];
  readonly qualified: number;
  readonly pageItems: number;
  readonly points: number;
  /** How long an answer of the source took on average; null where it gave none. */
  readonly answerMs: number | null;
  readonly workMs: number;
  readonly errors: readonly EstimateError[];
}

/**
 * The timing of a run that completed. Null for one that did not, for one that showed no item, and for one that was
 * mostly answered from a cache: the next one may not be.
 */
export function runTimingOf(
  pace: RunPace,
  { status, stages, metrics }: Progress,
  errors: readonly EstimateError[],
): RunTiming | null {
  if (status !== "completed" || pace.setupMs === null || pace.workMs <= 0) return null;
  if (pace.cachedAnswers > pace.answers) return null;
  const last = stages.findLast(({ id }) => pace.stageMs[id] !== undefined);
  return {
    setupMs: pace.setupMs,
    stages: stages.map(({ id, itemsProcessed }) => ({
      id,
      items: itemsProcessed,
      workMs: (pace.stageMs[id] ?? 0) + (id === last?.id ? pace.openMs : 0),
      answers: pace.stageAnswers[id] ?? 0,
    })),
    qualified: metrics.qualified ?? 0,
    pageItems: pace.pageItems,
    points: pace.points,
    answerMs: pace.answers === 0 ? null : pace.answerMs / pace.answers,
    workMs: pace.workMs,
    errors,
  };
}
