import type { Baseline } from "@cmo/engine";

/** From which run a campaign counts who is new, in words. */
export function baselineText(baseline: Baseline | null): string {
  return baseline === null
    ? "everybody: no earlier run of this campaign is kept"
    : `whom no run exported up to ${baseline.jobId}, which ended at ${baseline.endedAt}`;
}
