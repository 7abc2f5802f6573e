import type { ApiMeter } from "./api-meter.ts";
import { Counter, type Registry } from "./prometheus.ts";
import { createQuickHistogram, type QuickSeries } from "./quick-histogram.ts";

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Requests of one method, route and status. */
interface RequestSeries {
  /** Those that the counter has not heard of. */
  waiting: number;
  readonly labels: readonly [method: string, route: string, status: string];
  readonly durations: QuickSeries;
}

/** Counts requests, at the cost of two additions each: the counter hears of them when somebody asks for the page. */
export function requestMetrics(registry: Registry): Pick<ApiMeter, "request"> {
  const all = new Map<string, RequestSeries>();
  const durations = new Map<string, QuickSeries>();
  const total = new Counter({
    name: "cmo_http_requests_total",
    help: "Requests that were answered, by the pattern of their route.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
    collect() {
      for (const series of all.values()) {
        if (series.waiting > 0) total.labels(...series.labels).inc(series.waiting);
        series.waiting = 0;
      }
    },
  });
  const durationSeries = createQuickHistogram({
    name: "cmo_http_request_duration_seconds",
    help: "From a request to its answer; for a stream, to the answer's head.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    register: registry,
  });

  function seriesOf(method: string, route: string, status: number): RequestSeries {
    const key = `${status} ${method} ${route}`;
    const known = all.get(key);
    if (known !== undefined) return known;
    const duration = durations.get(`${method} ${route}`) ?? durationSeries({ method, route });
    durations.set(`${method} ${route}`, duration);
    const series = { waiting: 0, labels: [method, route, `${status}`] as const, durations: duration };
    all.set(key, series);
    return series;
  }

  return {
    request({ method, route, status, seconds }) {
      // A method may be any text, and makes no more of a series than a page.
      const series = seriesOf(methods.has(method) ? method : "other", route, status);
      series.waiting += 1;
      series.durations.observe(seconds);
    },
  };
}
