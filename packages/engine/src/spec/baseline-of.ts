import type { Baseline } from "./baseline.ts";
import type { JobSpec } from "./job-spec.ts";

/** The baseline of a spec; null when it has none, or does not ask for one. */
export function baselineOf({ onlyNew }: Pick<JobSpec, "onlyNew">): Baseline | null {
  return onlyNew?.baseline ?? null;
}
