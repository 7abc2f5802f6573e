import type { JobEvent } from "@cmo/engine";
import {
  estimateAt,
  initialRunView,
  type RunEstimate,
  type RunView,
  reduceRunView,
  withGrounds,
} from "@cmo/view";
import type { LearnGrounds } from "./learn-grounds.ts";

/** A run as it is followed: the view of its log, and its estimate where there are grounds for one. */
export interface FollowedRun {
  view(): RunView;
  /** At a time in milliseconds since the epoch; null where none is to be shown. */
  estimate(now: number): RunEstimate | null;
  /** Takes the next event. At the start of the run it asks, once, what the estimate rests on. */
  take(event: JobEvent): void | Promise<void>;
}

/** Follows a run from its first event on. */
export function followRun(learn: LearnGrounds): FollowedRun {
  let view = initialRunView();
  let isLearnt: boolean | null = null;

  async function begin(event: JobEvent): Promise<void> {
    isLearnt = false;
    const learnt = await learn(event.jobId);
    if (learnt !== null) {
      isLearnt = true;
      view = withGrounds(view, learnt.grounds);
    }
    view = reduceRunView(view, event);
  }

  return {
    view: () => view,
    estimate: (now) => (isLearnt === true ? estimateAt(view.estimate, now) : null),
    take(event) {
      if (event.type === "job.started" && isLearnt === null) return begin(event);
      view = reduceRunView(view, event);
    },
  };
}
