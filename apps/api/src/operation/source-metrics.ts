import type { Job, KnownJobEvent } from "@cmo/engine";
import { createBoundedLabel } from "./bounded-label.ts";
import { Counter, Gauge, Histogram, type Registry } from "./prometheus.ts";

/** The events that tell what was asked of a source. */
export type SourceEvent = Extract<
  KnownJobEvent,
  { type: "tool.completed" | "quota.updated" | "quota.waiting" }
>;

/** Counts what was asked of sources, and what is left of their quota. */
export function createSourceMetrics(registry: Registry): { onEvent(event: SourceEvent, job: Job): void } {
  const registers = [registry];
  const requests = new Counter({
    name: "cmo_source_requests_total",
    help: "Requests to the source, by tool and by how they ended: ok, failed, or cancelled (no longer wanted).",
    labelNames: ["tool", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "cmo_source_request_duration_seconds",
    help: "How long requests to the source took.",
    labelNames: ["tool"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
    registers,
  });
  const points = new Counter({
    name: "cmo_source_points_total",
    help: "Points that requests to the source cost.",
    registers,
  });
  const cacheHits = new Counter({
    name: "cmo_cache_hits_total",
    help: "Items that were answered from what other jobs were told.",
    registers,
  });
  const remaining = new Gauge({
    name: "cmo_quota_remaining",
    help: "What was left of the quota at the last answer, by source and resource.",
    labelNames: ["source", "resource"],
    registers,
  });
  const limit = new Gauge({
    name: "cmo_quota_limit",
    help: "The quota's limit at the last answer.",
    labelNames: ["source", "resource"],
    registers,
  });
  const reset = new Gauge({
    name: "cmo_quota_reset_timestamp_seconds",
    help: "When the quota is whole again, as a Unix time.",
    labelNames: ["source", "resource"],
    registers,
  });
  const waits = new Counter({
    name: "cmo_quota_waits_total",
    help: "Waits for the quota, by resource and reason.",
    labelNames: ["resource", "reason"],
    registers,
  });
  const waited = new Counter({
    name: "cmo_quota_wait_seconds_total",
    help: "How long these waits were to be.",
    labelNames: ["resource", "reason"],
    registers,
  });
  const toolLabel = createBoundedLabel();
  const resourceLabel = createBoundedLabel(16);
  const reasonLabel = createBoundedLabel(16);

  return {
    onEvent(event, job) {
      switch (event.type) {
        case "tool.completed": {
          const { tool, ok, durationMs, cost, cached, error, items = 1 } = event.data;
          points.inc(cost);
          if (cached) {
            cacheHits.inc(items);
            return;
          }
          const name = toolLabel(tool);
          requests.labels(name, ok ? "ok" : error === "cancelled" ? "cancelled" : "failed").inc();
          durations.labels(name).observe(durationMs / 1_000);
          return;
        }
        case "quota.updated": {
          const labels = { source: job.spec.source.type, resource: resourceLabel(event.data.resource) };
          remaining.set(labels, event.data.remaining);
          limit.set(labels, event.data.limit);
          const resetAt = Date.parse(event.data.resetAt);
          if (!Number.isNaN(resetAt)) reset.set(labels, resetAt / 1_000);
          return;
        }
        case "quota.waiting": {
          const { resource, reason, until } = event.data;
          const labels = [resourceLabel(resource), reasonLabel(reason)] as const;
          waits.labels(...labels).inc();
          const ms = Date.parse(until) - Date.parse(event.at);
          if (ms > 0) waited.labels(...labels).inc(ms / 1_000);
          return;
        }
        default:
          event satisfies never;
      }
    },
  };
}
