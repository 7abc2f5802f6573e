import { initialProgress, type JobEvent, type Progress } from "@cmo/engine";
import { allowedShare } from "./allowed-share.ts";
import { type EstimateGrounds, errorBandAt } from "./estimate-grounds.ts";
import { quotaDelayMs } from "./quota-delay.ts";
import { initialRunPace, type ProgressAround, type RunPace, reduceRunPace } from "./run-pace.ts";
import type { EstimateError } from "./run-timing.ts";
import { forecastWork, type WorkForecast } from "./work-forecast.ts";

/** Why nothing can be said of when a run ends. */
export type UnknownBecause = "first_of_its_kind" | "not_started" | "paused" | "between_attempts" | "overdue";

/** When a run ends: a value that half of the runs stay below, and one that nine of ten do. */
export interface EstimateBand {
  readonly p50: number;
  readonly p90: number;
}

/** When a run ends, as far as anybody can say. */
export type RunEstimate =
  | { readonly state: "unknown"; readonly because: UnknownBecause }
  | {
      readonly state: "estimated";
      /** Waits for the quota included. Milliseconds. */
      readonly remainingMs: EstimateBand;
      /** Milliseconds since the epoch. */
      readonly endsAt: EstimateBand;
      /** The share of the run's time that is over; whole, 0 to 99, and never falls within a run. */
      readonly percent: number;
      readonly basis: {
        /** How many earlier runs it rests on. */
        readonly runs: number;
        /** How much of the time left will be spent waiting for the quota, in milliseconds. */
        readonly quotaWaitMs: number;
      };
    };

/** A place of the run, and how much work was thought to be left there. */
interface Sample {
  readonly workMs: number;
  readonly leftMs: number;
}

/** The fold of a run's log that its estimate is made of. Plain data; never mutated. */
export interface RunEstimateState {
  readonly grounds: EstimateGrounds | null;
  readonly pace: RunPace;
  readonly progress: Progress;
  /** As of the last event; null where there is nothing to say. */
  readonly forecast: WorkForecast | null;
  /** The greatest share that was shown by the last event. */
  readonly shownShare: number;
  /** The first and the last sample of each tenth of the way. */
  readonly samples: readonly (Sample | undefined)[];
}

// Spreads are logarithms of the ninth decile over the median. They were fitted on simulated campaigns (decision 19).
/** What an estimate has where earlier runs do not tell; after so many that tell, they count as much. */
const priorSpread = 0.15;
const evenRuns = 16;
/** What is added for a run that is e times smaller, or larger, than any of them. Of a larger one more evens out. */
const smallerSpread = 0.7;
const largerSpread = 0.05;
/** What is added where all that is left is one answer. */
const answerSpread = 0.55;
/** Silence that no estimate explains, in milliseconds beyond the ninth decile. */
const overdueMs = 10_000;
/** Before the last stage, nobody can say that the end is this near. */
const mostShare = 0.98;

/** The state before the first event. Without grounds, nothing is estimated, and the timing is still taken. */
export function initialRunEstimate(grounds: EstimateGrounds | null): RunEstimateState {
  return {
    grounds,
    pace: initialRunPace(),
    progress: initialProgress([]),
    forecast: null,
    shownShare: 0,
    samples: [],
  };
}

/** The state after one more event; `progress` is the run's progress around it. Pure. */
export function reduceRunEstimate(
  state: RunEstimateState,
  event: JobEvent,
  progress: ProgressAround,
): RunEstimateState {
  const pace = reduceRunPace(state.pace, event, progress);
  if (pace === state.pace) return state;
  const { after } = progress;
  const { grounds } = state;
  if (grounds === null || pace.startedAt === null || pace.idleBecause === "ended") {
    return { ...state, pace, progress: after };
  }
  const forecast = forecastWork(pace, after, grounds);
  return {
    grounds,
    pace,
    progress: after,
    forecast,
    shownShare: shareAt(state, pace.at),
    samples: withSample(state.samples, pace, forecast),
  };
}

/**
 * When the run ends, asked at a time in milliseconds since the epoch; null when it has. A function of the log and the
 * time alone: whoever folds the same log over the same grounds is told the same.
 */
export function estimateAt(state: RunEstimateState, now: number): RunEstimate | null {
  const { grounds, pace, forecast } = state;
  const { idleBecause } = pace;
  if (idleBecause === "ended") return null;
  if (grounds === null) return { state: "unknown", because: "first_of_its_kind" };
  if (idleBecause !== null) return { state: "unknown", because: idleBecause };
  if (forecast === null) return { state: "unknown", because: "not_started" };
  const left = timeLeftAt(state, now);
  if (left === null) return { state: "unknown", because: "overdue" };
  const remainingMs = { p50: Math.round(left.p50), p90: Math.round(left.p90) };
  return {
    state: "estimated",
    remainingMs,
    endsAt: { p50: Math.round(now) + remainingMs.p50, p90: Math.round(now) + remainingMs.p90 },
    percent: Math.min(99, Math.floor(shareAt(state, now) * 100)),
    basis: { runs: grounds.runs, quotaWaitMs: Math.round(left.waitMs) },
  };
}

/** How far off the estimates of a run were that has ended. */
export function estimateErrorsOf({ samples, pace }: RunEstimateState): EstimateError[] {
  return samples.flatMap((sample) => {
    if (sample === undefined) return [];
    const left = Math.max(1, sample.leftMs);
    const actual = Math.max(1, pace.workMs - sample.workMs);
    return [{ share: shareOf(sample.workMs, left), logRatio: Math.log(actual / left) }];
  });
}

interface TimeLeft extends EstimateBand {
  /** The part of `p50` in which the quota is waited for. */
  readonly waitMs: number;
  /** The ninth decile of the work to be done, as of the last event, whatever may end it earlier. */
  readonly workMs: number;
}

/** Null when it has been silent for longer than can be explained. */
function timeLeftAt(state: RunEstimateState, now: number): TimeLeft | null {
  const { waitUntil, at } = state.pace;
  const from = Math.max(at, now);
  const waitMs = Math.max(0, waitUntil - from);
  const silentMs = Math.max(0, from - Math.max(at, waitUntil));
  const left = timeLeftAfter(state, from, { silentMs, waitMs });
  return left === null || silentMs > left.workMs + overdueMs ? null : left;
}

/** The time left at an instant, when nothing was heard for `silentMs` of work, and the quota is waited for `waitMs` longer. */
function timeLeftAfter(
  { pace, progress, forecast, grounds }: RunEstimateState,
  now: number,
  { silentMs, waitMs }: { readonly silentMs: number; readonly waitMs: number },
): TimeLeft | null {
  if (forecast === null || grounds === null) return null;
  const isLate = silentMs > forecast.answerMs;
  const late = isLate ? forecastWork(pace, progress, grounds, silentMs).leftMs : 0;
  const leftMs = Math.max(late, forecast.leftMs, 1);
  const { shift, spread } = correctionFor(leftMs, pace, forecast, grounds);
  const whole = leftMs * Math.exp(shift);
  const p50 = whole * allowedShare(pace, forecast, grounds);
  const p90 = p50 * Math.exp(spread);
  // Silence says that no more than one answer's time of it can be over.
  const passed = Math.min(silentMs, forecast.answerMs, p50 * 0.9);
  const from = now + waitMs;
  const delayFor = (workMs: number) =>
    quotaDelayMs(pace.quota, { from, workMs, points: (forecast.pointsLeft * workMs) / whole }) + waitMs;
  const waits = { p50: delayFor(p50 - passed), p90: delayFor(p90 - passed) };
  const mostMs = untilTimeout(pace, grounds, now);
  return {
    p50: Math.min(mostMs, p50 - passed + waits.p50),
    p90: Math.min(mostMs, p90 - passed + waits.p90),
    waitMs: Math.min(mostMs, waits.p50),
    workMs: whole * Math.exp(spread),
  };
}

/** Nothing of the run lies behind its time-out. */
function untilTimeout({ startedAt }: RunPace, { timeoutMs }: EstimateGrounds, now: number): number {
  if (startedAt === null || timeoutMs === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, startedAt + timeoutMs - now);
}

/** How earlier estimates erred at this place of the way, and how much this one may; logarithms. */
function correctionFor(
  leftMs: number,
  { workMs }: RunPace,
  { wholeMs, answerMs }: WorkForecast,
  grounds: EstimateGrounds,
): { shift: number; spread: number } {
  const { runs, p50, p90 } = errorBandAt(grounds, shareOf(workMs, leftMs));
  const trust = runs / (runs + evenRuns);
  const larger = Math.max(0, Math.log(Math.max(1, wholeMs) / grounds.mostWorkMs));
  const smaller = Math.max(0, Math.log(grounds.leastWorkMs / Math.max(1, wholeMs)));
  return {
    // Errors of runs of another size are less and less those of this one.
    shift: trust * p50 * Math.exp(-larger - smaller),
    spread: Math.sqrt(
      (1 - trust) * priorSpread ** 2 +
        trust * Math.max(0, p90 - p50) ** 2 +
        (smallerSpread * smaller) ** 2 +
        (largerSpread * larger) ** 2 +
        answerSpread ** 2 * Math.min(1, answerMs / leftMs),
    ),
  };
}

/**
 * The share of the run's time that is over. Between two events it grows for as long as an answer takes, and then stands
 * still, so that it never falls, however late the next event comes and whatever that says.
 */
function shareAt(state: RunEstimateState, now: number): number {
  const { pace, forecast, shownShare, progress } = state;
  if (forecast === null || pace.idleBecause !== null) return shownShare;
  const waitedUntil = Math.max(pace.at, Math.min(now, pace.waitUntil));
  const waitMs = Math.max(0, pace.waitUntil - waitedUntil);
  const silentMs = waitMs > 0 ? 0 : Math.min(Math.max(0, now - waitedUntil), forecast.answerMs);
  const left = timeLeftAfter(state, waitedUntil + silentMs, { silentMs, waitMs });
  if (left === null) return shownShare;
  const elapsed = pace.activeMs + (waitedUntil - pace.at) + silentMs;
  const isLast = progress.stages.at(-1)?.state !== "pending";
  return Math.max(shownShare, Math.min(isLast ? 1 : mostShare, shareOf(elapsed, left.p50)));
}

function shareOf(passed: number, left: number): number {
  return passed + left > 0 ? passed / (passed + left) : 0;
}

function withSample(
  samples: readonly (Sample | undefined)[],
  { workMs }: RunPace,
  { leftMs }: WorkForecast,
): readonly (Sample | undefined)[] {
  const tenth = Math.min(9, Math.floor(shareOf(workMs, leftMs) * 10));
  const sample = { workMs, leftMs };
  const next = [...samples];
  next[2 * tenth] ??= sample;
  next[2 * tenth + 1] = sample;
  return next;
}
