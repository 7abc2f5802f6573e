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
    if (!supersedes(key, value, previous)) return false;
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

/**
 * Whether a report holds a new value for every metric there is (`keys` and `values`), in the same order, and nothing else. That is what a
 * busy agent sends over and over; the report can then stand for the metrics as it is, several times faster than merged.
 */
export function replacesAllMetrics(
  keys: readonly string[],
  values: readonly number[],
  reported: Readonly<Record<string, unknown>>,
): reported is Readonly<Record<string, number>> {
  let position = 0;
  for (const key in reported) {
    const value = reported[key];
    const previous = values[position];
    if (keys[position] !== key || previous === undefined) return false;
    if (typeof value !== "number" || !Number.isFinite(value) || Object.is(value, -0)) return false;
    if (!supersedes(key, value, previous)) return false;
    position += 1;
  }
  return position > 0 && position === keys.length && Object.getOwnPropertySymbols(reported).length === 0;
}

/** Puts a report that {@link replacesAllMetrics} in their place. It must be the draft's own, and is never written to. */
export function replaceMetrics(
  draft: ProgressDraft,
  reported: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  draft.metrics = reported;
  draft.owned.metrics = null;
  draft.changed = true;
  return reported;
}

const MAX_METRICS = 256;

function supersedes(key: string, value: number, previous: number): boolean {
  return value > previous || (value < previous && isGauge(key));
}
