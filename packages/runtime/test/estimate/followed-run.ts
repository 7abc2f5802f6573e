import { initialProgress, type JobEvent, type Progress, reduceProgress } from "@cmo/engine";
import {
  type EstimateGrounds,
  estimateAt,
  estimateErrorsOf,
  estimateGroundsOf,
  initialRunEstimate,
  type RunEstimate,
  type RunEstimateState,
  type RunTiming,
  reduceRunEstimate,
  runTimingOf,
} from "@cmo/view";

/** A run that has ended, as whoever followed it could have asked about it at any time. Times are milliseconds. */
export interface FollowedRun {
  readonly startedAt: number;
  readonly endedAt: number;
  at(now: number): RunEstimate | null;
  readonly timing: RunTiming | null;
}

/** Follows a log with these grounds. */
export function followRun(events: readonly JobEvent[], grounds: EstimateGrounds | null): FollowedRun {
  const states: RunEstimateState[] = [];
  let progress: Progress = initialProgress([]);
  let state = initialRunEstimate(grounds);
  for (const event of events) {
    const after = reduceProgress(progress, event);
    state = reduceRunEstimate(state, event, { before: progress, after });
    progress = after;
    states.push(state);
  }
  return {
    startedAt: state.pace.startedAt ?? 0,
    endedAt: state.pace.at,
    at(now) {
      const last = states.findLast(({ pace }) => pace.at <= now);
      return last === undefined ? null : estimateAt(last, now);
    },
    timing: runTimingOf(state.pace, progress, estimateErrorsOf(state)),
  };
}

/** What runs teach, each of them followed with what those before it taught. */
export function learnFrom(logs: readonly (readonly JobEvent[])[], mostItems: number): readonly RunTiming[] {
  const timings: RunTiming[] = [];
  for (const events of logs) {
    const { timing } = followRun(events, estimateGroundsOf(timings, { mostItems }));
    if (timing !== null) timings.push(timing);
  }
  return timings;
}
