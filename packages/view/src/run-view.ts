import {
  asKnownEvent,
  cleanText,
  type EventData,
  initialProgress,
  type JobEvent,
  type KnownJobEvent,
  type Progress,
  reduceProgress,
} from "@cmo/engine";
import type { EstimateGrounds } from "./estimate/estimate-grounds.ts";
import { initialRunEstimate, type RunEstimateState, reduceRunEstimate } from "./estimate/run-estimate.ts";

/** What is shown of a stage beside the engine's progress. Times are milliseconds since the epoch. */
export interface StageView {
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** The total it had last, 0 while unknown, and since when. */
  readonly total: number;
  readonly totalSince: number;
  /** What it is working on. */
  readonly item: string | null;
  /** The greatest share that a bar has shown: a bar never goes back, also when the total grows. */
  readonly shownShare: number;
  /** Why it ended before all of its items were looked at; null when they were, or while it lasts. */
  readonly leftBecause: "target" | "stop" | null;
}

/** What the source said last of its limits. */
export interface QuotaView {
  /** Its own name for the limit: `graphql`, `core`, `search`. */
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  /** When it is full again, in milliseconds since the epoch. */
  readonly resetAt: number;
}

/** The state of a run as terminals and the console show it: a pure fold of the log over the engine's own progress. */
export interface RunView {
  readonly jobId: string | null;
  readonly goal: string | null;
  readonly targetLeads: number | null;
  readonly progress: Progress;
  readonly stages: Readonly<Record<string, StageView>>;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly attempt: number;
  readonly retryAt: number | null;
  readonly quota: QuotaView | null;
  /** What is waited for: until when, and why. It is over when its time is (see {@link isHeld}). */
  readonly waiting: { readonly until: number; readonly reason: string } | null;
  /** What is known of its end; ask with `estimateAt`. */
  readonly estimate: RunEstimateState;
}

/** The view before the first event. */
export function initialRunView(): RunView {
  return {
    jobId: null,
    goal: null,
    targetLeads: null,
    progress: initialProgress([]),
    stages: {},
    startedAt: null,
    endedAt: null,
    attempt: 1,
    retryAt: null,
    quota: null,
    waiting: null,
    estimate: initialRunEstimate(null),
  };
}

/** The view with what earlier runs say. To be told before the run starts: an estimate that was made stays as it is. */
export function withGrounds(view: RunView, grounds: EstimateGrounds | null): RunView {
  return { ...view, estimate: { ...view.estimate, grounds } };
}

/** The view after one more event. Pure. */
export function reduceRunView(view: RunView, raw: JobEvent): RunView {
  const progress = reduceProgress(view.progress, raw);
  const known = asKnownEvent(raw);
  const estimate = reduceRunEstimate(view.estimate, raw, { before: view.progress, after: progress });
  const isSame = progress === view.progress && estimate === view.estimate;
  const next = isSame ? view : { ...view, progress, estimate };
  return known === null ? next : applyKnown(next, known, Date.parse(raw.at));
}

/** Whether the run waits, for its quota or for its next attempt. */
export function isHeld({ waiting, retryAt }: RunView, now: number): boolean {
  return (retryAt !== null && retryAt > now) || (waiting !== null && waiting.until > now);
}

function applyKnown(view: RunView, event: KnownJobEvent, at: number): RunView {
  switch (event.type) {
    case "job.queued":
      return {
        ...view,
        jobId: event.jobId,
        goal: cleanText(event.data.goal),
        targetLeads: event.data.targetLeads,
      };
    case "job.started":
      return { ...view, startedAt: view.startedAt ?? at, attempt: event.data.attempt, retryAt: null };
    case "job.retrying":
      return { ...view, retryAt: at + event.data.delayMs, waiting: null };
    case "job.completed":
    case "job.failed":
    case "job.cancelled":
      return { ...view, endedAt: at, waiting: null, retryAt: null };
    case "stage.started":
      return withStage(view, event.data.stage, at, {});
    case "stage.progress":
      return withStage(view, event.data.stage, at, { item: cleanText(event.data.currentItem ?? "") || null });
    case "stage.completed":
      return withStage(view, event.data.stage, at, {
        endedAt: at,
        item: null,
        leftBecause: leftBecause(view, event.data.stage),
      });
    case "quota.updated":
      return { ...view, quota: quotaOf(event.data) };
    case "quota.waiting":
      return {
        ...view,
        waiting: { until: Date.parse(event.data.until), reason: cleanText(event.data.reason) },
      };
    case "job.paused":
    case "job.resumed":
    case "metrics":
    case "tool.started":
    case "tool.completed":
    case "artifact.created":
    case "log":
      return view;
    default:
      return event satisfies never;
  }
}

function quotaOf({ resource, limit, remaining, resetAt }: EventData<"quota.updated">): QuotaView {
  return { resource: cleanText(resource), limit, remaining, resetAt: Date.parse(resetAt) };
}

function withStage(view: RunView, written: string, at: number, patch: Partial<StageView>): RunView {
  // The fold of the engine decides how a stage is called and whether there is one of that name.
  const index = view.progress.stages.findIndex((stage) => stage.id === written);
  const counted = view.progress.stages[index];
  if (counted === undefined) return view;
  const before = view.stages[counted.id];
  if (before !== undefined && before.endedAt !== null) return view;
  const total = counted.itemsTotal ?? 0;
  const share = total === 0 ? 0 : (counted.itemsProcessed / total) * shareBefore(view, index);
  const sameTotal = before !== undefined && before.total === total;
  const stage: StageView = {
    startedAt: before?.startedAt ?? at,
    endedAt: null,
    item: before?.item ?? null,
    leftBecause: null,
    ...patch,
    total,
    totalSince: sameTotal ? before.totalSince : at,
    shownShare: counted.state === "done" ? 1 : Math.max(before?.shownShare ?? 0, share),
  };
  return { ...view, stages: { ...view.stages, [counted.id]: stage } };
}

/** Whom the search would have found is not looked for when as many are found as were wanted. */
function leftBecause({ progress, targetLeads }: RunView, id: string): StageView["leftBecause"] {
  const stage = progress.stages.find((one) => one.id === id);
  if (stage === undefined || stage.itemsProcessed >= (stage.itemsTotal ?? 0)) return null;
  const { qualified = 0 } = progress.metrics;
  return targetLeads !== null && qualified >= targetLeads ? "target" : "stop";
}

/** A total that the stage before still feeds covers as much of the way as that stage has gone. */
function shareBefore({ progress, stages }: RunView, index: number): number {
  const before = progress.stages[index - 1];
  return before?.state === "active" ? (stages[before.id]?.shownShare ?? 1) : 1;
}
