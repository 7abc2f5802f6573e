import type { Progress, ProgressStage } from "@cmo/engine";
import type { EstimateGrounds } from "./estimate-grounds.ts";
import type { RunPace } from "./run-pace.ts";

/** So many items, or people who qualified, of the run itself count as much as all earlier runs together. */
const evenItems = 10;
const evenQualified = 15;

/** How many items each stage will have had at the end, in the order of the plan. */
export function expectedItems(pace: RunPace, progress: Progress, grounds: EstimateGrounds): number[] {
  const expected: number[] = [];
  for (const [index, stage] of progress.stages.entries()) {
    expected.push(expectedOf(stage, index, { pace, progress, grounds, before: expected[index - 1] ?? 0 }));
  }
  return expected;
}

interface Known {
  readonly pace: RunPace;
  readonly progress: Progress;
  readonly grounds: EstimateGrounds;
  /** How many items the stage before will have had. */
  readonly before: number;
}

function expectedOf(
  { id, state, itemsProcessed, itemsTotal }: ProgressStage,
  index: number,
  known: Known,
): number {
  if (state === "done") return itemsProcessed;
  if (index === 0) return Math.max(itemsProcessed, firstItems(itemsTotal, known));
  const { pace, progress, grounds, before } = known;
  const isAllHeardOf = progress.stages[index - 1]?.state === "done" && itemsTotal !== null;
  if (isAllHeardOf) return itemsTotal;
  return Math.max(itemsTotal ?? 0, itemsProcessed, before * itemsPerFed(id, index, pace, grounds));
}

/** The first stage goes on, a page at a time, until the target is reached or there is no more to take. */
function firstItems(total: number | null, known: Known): number {
  const { pace, progress, grounds } = known;
  const most = mostFirstItems(total, known);
  const { targetLeads, qualifiedFrom } = pace;
  if (targetLeads === null || grounds.qualifiedPerItem === null) {
    return Math.min(most, total ?? grounds.stages[0]?.items ?? 0);
  }
  const qualified = progress.metrics.qualified ?? 0;
  const perItem = (qualified + evenQualified) / (qualifiedFrom + evenQualified / grounds.qualifiedPerItem);
  const missing = Math.max(0, targetLeads - qualified) / perItem;
  const page = Math.max(1, pace.pageItems || grounds.pageItems);
  return Math.min(most, qualifiedFrom + Math.ceil(missing / page) * page);
}

function mostFirstItems(total: number | null, { pace, progress, grounds }: Known): number {
  const bound = grounds.mostItems;
  if (bound === null) return total ?? Number.POSITIVE_INFINITY;
  // A total below the bound is all there is; else the second stage's share of the items decides when it has enough.
  if (total !== null && total < bound) return total;
  const second = progress.stages[1];
  const share = second === undefined ? 1 : itemsPerFed(second.id, 1, pace, grounds);
  return share > 0 ? bound / share : Number.POSITIVE_INFINITY;
}

function itemsPerFed(id: string, index: number, { feeds }: RunPace, { stages }: EstimateGrounds): number {
  const { from, into } = feeds[id] ?? { from: 0, into: 0 };
  return (into + evenItems * (stages[index]?.items ?? 1)) / (from + evenItems);
}
