import type { ApiMeter, StreamForm } from "./api-meter.ts";
import { Counter, Gauge, Histogram, type Registry } from "./prometheus.ts";
import { requestMetrics } from "./request-metrics.ts";

const forms = ["sse", "ndjson"] as const satisfies readonly StreamForm[];
const closeReasons = ["ended", "left", "dropped", "stopped"] as const;

/**
 * Counts what the server does, in metrics of this registry. `refresh` brings those up to date that are read from
 * elsewhere, whenever somebody asks for the page.
 */
export function createApiMeter(registry: Registry, refresh: () => Promise<void> = async () => {}): ApiMeter {
  return {
    ...requestMetrics(registry),
    ...readerMetrics(registry),
    async exposition() {
      await refresh();
      return registry.metrics();
    },
  };
}

function readerMetrics(registry: Registry): Pick<ApiMeter, "readerOpened" | "readerClosed" | "eventLag"> {
  const open = new Gauge({
    name: "cmo_event_readers",
    help: "Event streams that are open, by what they speak.",
    labelNames: ["form"],
    registers: [registry],
  });
  const closed = new Counter({
    name: "cmo_event_reader_closes_total",
    help: "Event streams that were closed, by why: ended (the log's end), left, dropped (too slow), stopped (the server).",
    labelNames: ["form", "reason"],
    registers: [registry],
  });
  const lag = new Histogram({
    name: "cmo_event_lag_seconds",
    help: "From an event's time to the moment it was handed to its readers.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  // From the start, so that the first close is an increase and not the begin of a series.
  for (const form of forms) {
    open.labels(form).set(0);
    for (const reason of closeReasons) closed.labels(form, reason).inc(0);
  }
  return {
    readerOpened: (form) => open.labels(form).inc(),
    readerClosed(form, why) {
      open.labels(form).dec();
      closed.labels(form, why).inc();
    },
    eventLag: (seconds) => lag.observe(Math.max(0, seconds)),
  };
}
