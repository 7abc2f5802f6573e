import {
  asKnownEvent,
  type EventData,
  isTerminalEvent,
  type JobEvent,
  type KnownJobEvent,
  type Progress,
} from "@cmo/engine";

/** How many items of the stage before had gone through when a stage last heard of more of its own, and of how many. */
export interface StageFeed {
  readonly from: number;
  readonly into: number;
}

/** What the source said last of a limit. `resetAt` is in milliseconds since the epoch. */
export interface QuotaFact {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

/**
 * Where the time of a run went: a pure fold of its log beside its progress. Durations are milliseconds; pauses, waits
 * between attempts, and time in which nobody held the job are in none of them.
 */
export interface RunPace {
  /** When it was first worked on, in milliseconds since the epoch; null before that. */
  readonly startedAt: number | null;
  /** The time of the last event, 0 before the first. */
  readonly at: number;
  /** Who is not at it: it is paused, or waits for its next attempt or its end has come. */
  readonly idleBecause: "not_started" | "paused" | "between_attempts" | "ended" | null;
  readonly targetLeads: number | null;
  /** At it, waits for the quota included. */
  readonly activeMs: number;
  /** At work: the same without these waits. */
  readonly workMs: number;
  /** Until when the quota is waited for; it is over when that lies behind. */
  readonly waitUntil: number;
  /** The part of `workMs` for which no stage has shown an item yet, and the answers of the source in it. */
  readonly openMs: number;
  readonly openAnswers: number;
  /** The part of `workMs` up to the first item that any stage has shown; null before that. */
  readonly setupMs: number | null;
  /** The rest of `workMs`, by the stage whose items ended it, and the answers of the source in it. */
  readonly stageMs: Readonly<Record<string, number>>;
  readonly stageAnswers: Readonly<Record<string, number>>;
  readonly feeds: Readonly<Record<string, StageFeed>>;
  /** How many items the first stage took at its first step; 0 before that. */
  readonly pageItems: number;
  /** How many items of the first stage had gone through when something qualified last. */
  readonly qualifiedFrom: number;
  /** Points of the source's quota that were spent. */
  readonly points: number;
  /** Requests to the source, those that went wrong too. */
  readonly requests: number;
  /** Answers that the source itself gave, and how long they took together. */
  readonly answers: number;
  readonly answerMs: number;
  /** Answers that earlier jobs were given. */
  readonly cachedAnswers: number;
  readonly quota: QuotaFact | null;
}

/** The progress around an event. */
export interface ProgressAround {
  readonly before: Progress;
  readonly after: Progress;
}

/** The pace before the first event. */
export function initialRunPace(): RunPace {
  return {
    startedAt: null,
    at: 0,
    idleBecause: "not_started",
    targetLeads: null,
    activeMs: 0,
    workMs: 0,
    waitUntil: 0,
    openMs: 0,
    openAnswers: 0,
    setupMs: null,
    stageMs: {},
    stageAnswers: {},
    feeds: {},
    pageItems: 0,
    qualifiedFrom: 0,
    points: 0,
    requests: 0,
    answers: 0,
    answerMs: 0,
    cachedAnswers: 0,
    quota: null,
  };
}

/** The pace after one more event. The same object for an event of an unknown type, and after the end. */
export function reduceRunPace(pace: RunPace, raw: JobEvent, around: ProgressAround): RunPace {
  const event = asKnownEvent(raw);
  if (event === null || pace.idleBecause === "ended") return pace;
  const at = Date.parse(event.at);
  const isClaim = event.type === "job.started" || event.type === "job.resumed";
  // Whoever takes a job that was being worked on takes it from one that was silent until its lease was over.
  return applyEvent(passTime(pace, at, pace.idleBecause === null && !isClaim), event, around);
}

function passTime(pace: RunPace, at: number, isActive: boolean): RunPace {
  const passed = at - pace.at;
  // Several machines write to one log: a clock that is behind moves nothing back.
  if (!(passed > 0)) return pace;
  if (!isActive) return { ...pace, at };
  const worked = passed - Math.max(0, Math.min(pace.waitUntil, at) - pace.at);
  return {
    ...pace,
    at,
    activeMs: pace.activeMs + passed,
    workMs: pace.workMs + worked,
    openMs: pace.openMs + worked,
  };
}

function applyEvent(pace: RunPace, event: KnownJobEvent, { before, after }: ProgressAround): RunPace {
  if (isTerminalEvent(event)) return { ...pace, idleBecause: "ended", waitUntil: 0 };
  switch (event.type) {
    case "job.queued":
      return { ...pace, targetLeads: event.data.targetLeads };
    case "job.started":
    case "job.resumed":
      return { ...pace, startedAt: pace.startedAt ?? pace.at, idleBecause: null, waitUntil: 0 };
    case "job.paused":
      return { ...pace, idleBecause: "paused", waitUntil: 0 };
    case "job.retrying":
      return { ...pace, idleBecause: "between_attempts", waitUntil: 0 };
    case "stage.started":
    case "stage.progress":
      return withStage(pace, event.data.stage, before, after);
    case "metrics":
      return (before.metrics.qualified ?? 0) === (after.metrics.qualified ?? 0)
        ? pace
        : { ...pace, qualifiedFrom: after.stages[0]?.itemsProcessed ?? 0 };
    case "tool.completed":
      return withAnswer(pace, event.data);
    case "quota.updated": {
      const { limit, remaining, resetAt } = event.data;
      return { ...pace, quota: { limit, remaining, resetAt: Date.parse(resetAt) } };
    }
    case "quota.waiting":
      return { ...pace, waitUntil: Math.max(pace.waitUntil, Date.parse(event.data.until)) };
    default:
      return pace;
  }
}

function withAnswer(pace: RunPace, data: EventData<"tool.completed">): RunPace {
  const points = pace.points + data.cost;
  if (data.cached) return { ...pace, points, cachedAnswers: pace.cachedAnswers + (data.items ?? 1) };
  const requests = pace.requests + 1;
  // What went wrong says nothing of how long an answer takes.
  if (!data.ok) return { ...pace, points, requests };
  return {
    ...pace,
    points,
    requests,
    answers: pace.answers + 1,
    answerMs: pace.answerMs + data.durationMs,
    openAnswers: pace.openAnswers + 1,
  };
}

function withStage(pace: RunPace, id: string, before: Progress, after: Progress): RunPace {
  const index = after.stages.findIndex((stage) => stage.id === id);
  const stage = after.stages[index];
  if (stage === undefined) return pace;
  const old = before.stages[index];
  const items = stage.itemsProcessed - (old?.itemsProcessed ?? 0);
  const hasMore = (stage.itemsTotal ?? 0) > (old?.itemsTotal ?? 0);
  const feeder = after.stages[index - 1];
  const fed =
    feeder === undefined || !hasMore
      ? pace
      : {
          ...pace,
          feeds: { ...pace.feeds, [id]: { from: feeder.itemsProcessed, into: stage.itemsTotal ?? 0 } },
        };
  return items > 0 ? chargeTime(fed, id, index === 0 ? items : 0) : fed;
}

/** The open time goes to the stage that shows what was done in it; the first of all is what it took to get going. */
function chargeTime(pace: RunPace, id: string, firstItems: number): RunPace {
  const pageItems = pace.pageItems === 0 ? firstItems : pace.pageItems;
  const charged = { ...pace, pageItems, openMs: 0, openAnswers: 0 };
  if (pace.setupMs === null) return { ...charged, setupMs: pace.openMs };
  return {
    ...charged,
    stageMs: { ...pace.stageMs, [id]: (pace.stageMs[id] ?? 0) + pace.openMs },
    stageAnswers: { ...pace.stageAnswers, [id]: (pace.stageAnswers[id] ?? 0) + pace.openAnswers },
  };
}
