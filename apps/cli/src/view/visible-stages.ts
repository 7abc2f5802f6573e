import type { ProgressStage } from "@cmo/engine";

/**
 * The stages that fit into so many rows, in their order: those at work first, then what comes next, then what was done
 * last. A list taller than the screen could not be redrawn.
 */
export function visibleStages(stages: readonly ProgressStage[], rows: number): readonly ProgressStage[] {
  if (stages.length <= rows) return stages;
  const byUrgency = [
    ...stages.filter((stage) => stage.state === "active"),
    ...stages.filter((stage) => stage.state === "pending").slice(0, Math.max(1, Math.floor(rows / 2))),
    ...stages.filter((stage) => stage.state === "done").reverse(),
    ...stages.filter((stage) => stage.state === "pending"),
  ];
  const chosen = new Set([...new Set(byUrgency)].slice(0, rows));
  return stages.filter((stage) => chosen.has(stage));
}
