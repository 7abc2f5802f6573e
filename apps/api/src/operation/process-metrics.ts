/// <reference path="./prom-client-lib.d.ts" />
import registerEventLoopLag from "prom-client/lib/metrics/eventLoopLag.js";
import registerHeap from "prom-client/lib/metrics/heapSizeAndUsed.js";
import registerMemory from "prom-client/lib/metrics/osMemoryHeap.js";
import registerOpenFiles from "prom-client/lib/metrics/processOpenFileDescriptors.js";
import registerStartTime from "prom-client/lib/metrics/processStartTime.js";
import { Counter, Gauge, type Registry } from "./prometheus.ts";

/** What every process tells of itself, under the names that dashboards know, and which version it is. */
export function registerProcessMetrics(registry: Registry, version: string): void {
  new Gauge({
    name: "cmo_build_info",
    help: "The version of cmo and of Node; always 1.",
    labelNames: ["version", "node"],
    registers: [registry],
  })
    .labels(version, process.versions.node)
    .set(1);
  registerStartTime(registry);
  registerMemory(registry);
  registerHeap(registry);
  registerOpenFiles(registry);
  registerEventLoopLag(registry);
  // The library's own counter of it loads OpenTelemetry's API.
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Total user and system CPU time spent in seconds.",
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
