import type { ProgressStage } from "./progress.ts";

/** The most a job shows before it is completed. */
export const MAX_PERCENT_BEFORE_END = 99;

/**
 * The percent these stages amount to, rounded down, but never less than `floor`: every stage weighs the same, done
 * counts whole, active counts processed of total where that is known. Exact, so that 29 of 100 is not 28.
 */
export function percentOf(stages: readonly ProgressStage[], floor: number): number {
  if (floor >= MAX_PERCENT_BEFORE_END || stages.length === 0) return floor;
  let whole = 0;
  for (const stage of stages) whole += shareOf(stage);
  const estimate = (100 * whole) / stages.length;
  if (estimate < floor) return floor;
  const nearest = Math.round(estimate);
  const percent =
    Math.abs(estimate - nearest) > ROUNDING_ERROR
      ? Math.floor(estimate)
      : // So close to a whole number only exact arithmetic tells the side.
        nearest > floor && !reaches(stages, nearest)
        ? nearest - 1
        : nearest;
  return Math.max(floor, Math.min(percent, MAX_PERCENT_BEFORE_END));
}

/** Well above what 64 additions of fractions can lose, well below what a person could see. */
const ROUNDING_ERROR = 1e-9;

function shareOf(stage: ProgressStage): number {
  if (stage.state === "done") return 1;
  if (stage.state === "pending" || stage.itemsTotal === null || stage.itemsTotal === 0) return 0;
  return stage.itemsProcessed / stage.itemsTotal;
}

/** Whether the stages amount to at least `percent`, in whole numbers only. */
function reaches(stages: readonly ProgressStage[], percent: number): boolean {
  let numerator = 0n;
  let denominator = 1n;
  for (const stage of stages) {
    if (stage.state === "done") {
      numerator += denominator;
    } else if (shareOf(stage) > 0) {
      const total = BigInt(stage.itemsTotal ?? 1);
      numerator = numerator * total + BigInt(stage.itemsProcessed) * denominator;
      denominator *= total;
    }
  }
  return 100n * numerator >= BigInt(percent) * BigInt(stages.length) * denominator;
}
