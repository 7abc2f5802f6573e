import type { Clock, Store } from "@cmo/engine";
import type { RunListener } from "@cmo/runtime";
import type { ApiMeter } from "./api-meter.ts";
import { createApiMeter } from "./create-api-meter.ts";
import { registerProcessMetrics } from "./process-metrics.ts";
import { Registry } from "./prometheus.ts";
import { createQueueMetrics } from "./queue-metrics.ts";
import { createRunMetrics } from "./run-metrics.ts";

/** Everything that a server counts. */
export interface ApiMetrics {
  /** For the app and its streams. */
  readonly meter: ApiMeter;
  /** For `openTelemetry`, whose observer hears of the jobs that the server works on. */
  readonly runs: RunListener;
}

/** What {@link createApiMetrics} needs. The store is asked for when the metrics are read, since it is opened later. */
export interface ApiMetricsOptions {
  store(): Pick<Store, "readQueue">;
  readonly clock: Clock;
  readonly version: string;
}

/** The metrics of a server, in a registry of their own. */
export function createApiMetrics({ store, clock, version }: ApiMetricsOptions): ApiMetrics {
  const registry = new Registry();
  const refresh = createQueueMetrics(registry, { readQueue: () => store().readQueue() }, clock);
  const runs = createRunMetrics(registry);
  const meter = createApiMeter(registry, refresh);
  registerProcessMetrics(registry, version);
  return { meter, runs };
}
