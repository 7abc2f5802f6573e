import { isGauge, isMetricKey } from "./metric-key.ts";
import { ownMetrics, type ProgressDraft } from "./progress-draft.ts";

/**
 * Merges one metric under its key, neither of them trusted: a counter may only rise, a gauge takes what it is given.
 * Answers whether that changed anything. A caller that already knows what stands under the key may say so.
 */
export function mergeMetric(
  draft: ProgressDraft,
  key: string,
  value: unknown,
  previous: unknown = draft.metrics[key],
): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  // What an object inherits is no number, so a key like `toString` is not taken for known.
  if (typeof previous === "number") {
    if (value === previous || (value < previous && !isGauge(key))) return false;
  } else {
    const count = draft.metricCount ?? Object.keys(draft.metrics).length;
    draft.metricCount = count;
    if (count >= MAX_METRICS || !isMetricKey(key)) return false;
    draft.metricCount = count + 1;
  }
  // −0 becomes 0: the two are not deeply equal, and JSON has only one of them.
  ownMetrics(draft)[key] = value + 0;
  draft.changed = true;
  return true;
}

const MAX_METRICS = 256;
