import { percentOf } from "./percent.ts";
import type { Progress, ProgressStage, ProgressStatus } from "./progress.ts";

/**
 * A private, mutable copy of a progress. Every rule that changes a progress is a function over it, so that reducing
 * one event, folding a log and taking a report cannot disagree. Lists are copied on their first change, through the
 * `own…` functions; the entries of `stages` are replaced, never written to.
 */
export interface ProgressDraft {
  readonly base: Progress;
  changed: boolean;
  status: ProgressStatus;
  stage: string | null;
  step: number;
  currentItem: string | null;
  percent: number;
  stages: readonly ProgressStage[];
  metrics: Readonly<Record<string, number>>;
  warnings: readonly string[];
  errors: readonly string[];
  /** What this draft alone holds, and may therefore write to. */
  readonly owned: OwnedLists;
  /** How many metrics there are; counted when it is first needed. */
  metricCount: number | null;
  /** Where a stage was last found. */
  lastStageIndex: number;
}

/** The lists of a draft that were copied. */
export interface OwnedLists {
  stages: ProgressStage[] | null;
  metrics: Record<string, number> | null;
  warnings: string[] | null;
  errors: string[] | null;
}

/** Opens a draft. The progress itself is never touched. */
export function openDraft(base: Progress): ProgressDraft {
  return {
    base,
    changed: false,
    status: base.status,
    stage: base.stage,
    step: base.step,
    currentItem: base.currentItem,
    percent: base.percent,
    stages: base.stages,
    metrics: base.metrics,
    warnings: base.warnings,
    errors: base.errors,
    owned: { stages: null, metrics: null, warnings: null, errors: null },
    metricCount: null,
    lastStageIndex: 0,
  };
}

/** The progress a draft has become: the very one it was opened on when nothing changed. The draft is used up. */
export function closeDraft(draft: ProgressDraft): Progress {
  if (!draft.changed) return draft.base;
  const { status, stage, step, currentItem, stages, metrics, warnings, errors, percent } = draft;
  const totalSteps = stages.length === 0 ? null : stages.length;
  return { status, stage, step, totalSteps, currentItem, stages, metrics, warnings, errors, percent };
}

/** The stages of a draft, to write to. */
export function ownStages(draft: ProgressDraft): ProgressStage[] {
  if (draft.owned.stages === null) {
    draft.owned.stages = [...draft.stages];
    draft.stages = draft.owned.stages;
  }
  return draft.owned.stages;
}

/** The metrics of a draft, to write to. */
export function ownMetrics(draft: ProgressDraft): Record<string, number> {
  if (draft.owned.metrics === null) {
    draft.owned.metrics = { ...draft.metrics };
    draft.metrics = draft.owned.metrics;
  }
  return draft.owned.metrics;
}

/** The warnings or the errors of a draft, to write to. */
export function ownMessages(draft: ProgressDraft, list: "warnings" | "errors"): string[] {
  const messages = draft.owned[list] ?? [...draft[list]];
  draft.owned[list] = messages;
  draft[list] = messages;
  return messages;
}

/** To be called after every change of a stage: the percent follows, and never falls. */
export function stagesChanged(draft: ProgressDraft): void {
  draft.changed = true;
  draft.percent = percentOf(draft.stages, draft.percent);
}
