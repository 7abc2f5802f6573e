import { activityWindow, windowLengthOf } from "../spec/activity-window.ts";
import type { SpecAgent } from "../spec/create-job-spec.ts";
import { deepFreeze } from "../spec/deep-freeze.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { goalOfParts } from "../spec/moving-goal.ts";

/**
 * The spec of a run of the same campaign that looks from another instant, in milliseconds since the epoch: its window,
 * its goal, and the plan of the agent as it is now. @throws CmoError `config_invalid` when `pushed_since` is after that.
 */
export function specAt(spec: JobSpec, at: number, agent: SpecAgent): JobSpec {
  const { activityDays, ...window } = activityWindow(windowLengthOf(spec), new Date(at));
  const parts = spec.schedule?.goal;
  const goal = parts === undefined ? spec.goal : goalOfParts(parts, { activityDays, ...window }) || spec.name;
  const draft: JobSpec = {
    ...spec,
    ...window,
    goal,
    icp: { ...spec.icp, activityDays },
    agent: { name: agent.name, version: agent.version },
    plan: [],
  };
  return deepFreeze({ ...draft, plan: [...agent.plan(deepFreeze(draft))] });
}
