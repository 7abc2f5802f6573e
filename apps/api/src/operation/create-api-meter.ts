import type { ApiMeter, StreamForm } from "./api-meter.ts";
import { Counter, Gauge, Histogram, type Registry } from "./prometheus.ts";

const forms = ["sse", "ndjson"] as const satisfies readonly StreamForm[];
const closeReasons = ["ended", "left", "dropped", "stopped"] as const;
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

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

/** A series is looked up once, and by a key that costs no more than the text of its parts. */
function requestMetrics(registry: Registry): Pick<ApiMeter, "request"> {
  const total = new Counter({
    name: "cmo_http_requests_total",
    help: "Requests that were answered, by the pattern of their route.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "cmo_http_request_duration_seconds",
    help: "From a request to its answer; for a stream, to the answer's head.",
    labelNames: ["method", "route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const series = new Map<string, { count(): void; observe(seconds: number): void }>();

  function seriesOf(method: string, route: string, status: number) {
    const known = methods.has(method) ? method : "other";
    const counter = total.labels(known, route, `${status}`);
    const histogram = durations.labels(known, route);
    return {
      count: () => counter.inc(),
      observe: (seconds: number) => histogram.observe(seconds),
    };
  }

  return {
    request({ method, route, status, seconds }) {
      const key = `${status} ${method} ${route}`;
      let one = series.get(key);
      if (one === undefined) {
        one = seriesOf(method, route, status);
        // A method may be any text: one that nobody knows is not remembered.
        if (methods.has(method)) series.set(key, one);
      }
      one.count();
      one.observe(seconds);
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
