import type { ProgressStage } from "./progress.ts";
import { readList } from "./read-list.ts";
import { cleanStageId } from "./stage-name.ts";

/** How many stages a job may have in all. */
export const MAX_STAGES = 64;

/** The pending stages of a plan: ids cleaned, each once, at most 64. What is no list gives none. */
export function plannedStages(plan: unknown): ProgressStage[] {
  const ids = new Set<string>();
  for (const name of readList(plan)) {
    const id = cleanStageId(name);
    if (id !== null && ids.size < MAX_STAGES) ids.add(id);
  }
  return Array.from(ids, (id) => ({ id, state: "pending", itemsProcessed: 0, itemsTotal: null }));
}
