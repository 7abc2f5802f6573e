import { type GoalVariable, splitTemplate } from "../config/goal-template.ts";
import type { ActivityWindow } from "./activity-window.ts";

/** What a goal may name that is another in each run of a schedule. */
export const movingVariables = ["as_of", "pushed_since", "activity_days"] as const satisfies GoalVariable[];
/** One of {@link movingVariables}. */
export type MovingVariable = (typeof movingVariables)[number];

/** A piece of a goal: words, or what is put in anew for each run. */
export type GoalPart = string | { readonly variable: MovingVariable };

/** What {@link movingVariables} stand for in a window. */
export function movingValues(window: ActivityWindow): Record<MovingVariable, string> {
  return {
    as_of: window.asOf.slice(0, 10),
    pushed_since: window.pushedSince,
    activity_days: String(window.activityDays),
  };
}

/** A template in pieces, everything in its place but what moves; null when nothing does. */
export function movingGoal(
  template: string,
  values: Readonly<Record<GoalVariable, string>>,
): GoalPart[] | null {
  const parts = splitTemplate(template).map((part): GoalPart => {
    if ("text" in part) return part.text;
    const moving = movingVariables.find((name) => name === part.variable);
    return moving === undefined ? (values[part.variable as GoalVariable] ?? "") : { variable: moving };
  });
  return parts.some((part) => typeof part === "object") ? parts : null;
}

/** The goal in the words of one run; empty when there are none. */
export function goalOfParts(parts: readonly GoalPart[], window: ActivityWindow): string {
  const values = movingValues(window);
  return parts
    .map((part) => (typeof part === "string" ? part : values[part.variable]))
    .join("")
    .trim();
}
