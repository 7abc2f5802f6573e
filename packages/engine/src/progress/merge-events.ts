import { itemCount } from "./item-count.ts";
import { cleanItem } from "./item-name.ts";
import { isGauge } from "./metric-key.ts";
import type { ProgressEvent } from "./progress-event.ts";
import { readRecord } from "./read-record.ts";

/**
 * One event in place of two, so that a busy stage floods neither the log nor a slow reader; null when the two must stay
 * apart. Only `stage.progress` events of one stage merge, and `metrics` events; the envelope is the later one's. No
 * stage, artifact, log or job event may lie between the two: then the state at all of these and at the end is the same.
 */
export function mergeEvents<E extends ProgressEvent>(earlier: ProgressEvent, later: E): E | null {
  if (earlier.type !== later.type) return null;
  const first = readRecord(earlier.data);
  const second = readRecord(later.data);
  if (first === null || second === null) return null;
  switch (later.type) {
    case "stage.progress":
      return first.stage === second.stage ? { ...later, data: mergeProgress(first, second) } : null;
    case "metrics":
      return { ...later, data: { ...second, metrics: mergeMetrics(first.metrics, second.metrics) } };
    default:
      return null;
  }
}

function mergeProgress(first: Data, second: Data): Data {
  return {
    ...second,
    itemsProcessed: Math.max(itemCount(first.itemsProcessed) ?? 0, itemCount(second.itemsProcessed) ?? 0),
    itemsTotal: itemCount(second.itemsTotal) ?? itemCount(first.itemsTotal),
    currentItem: cleanItem(second.currentItem) ?? cleanItem(first.currentItem),
    // The highest percent passed: a total that grew in between may have lowered what can be computed.
    percent: Math.max(itemCount(first.percent) ?? 0, itemCount(second.percent) ?? 0),
  };
}

function mergeMetrics(first: unknown, second: unknown): Readonly<Record<string, number>> {
  const merged = new Map<string, number>();
  for (const metrics of [readRecord(first), readRecord(second)]) {
    for (const [key, value] of Object.entries(metrics ?? {})) {
      if (typeof value !== "number" || !Number.isFinite(value)) continue;
      const previous = merged.get(key);
      merged.set(key, previous === undefined || isGauge(key) ? value : Math.max(previous, value));
    }
  }
  return Object.fromEntries(merged);
}

type Data = Readonly<Record<string, unknown>>;
