// The parts of prom-client that are imported by themselves (see prometheus.ts), with the types of the whole.

declare module "prom-client/lib/registry.js" {
  import { Registry } from "prom-client";
  export = Registry;
}

declare module "prom-client/lib/counter.js" {
  import { Counter } from "prom-client";
  export = Counter;
}

declare module "prom-client/lib/gauge.js" {
  import { Gauge } from "prom-client";
  export = Gauge;
}

declare module "prom-client/lib/histogram.js" {
  import { Histogram } from "prom-client";
  export = Histogram;
}

declare module "prom-client/lib/metrics/eventLoopLag.js" {
  import type { Registry } from "prom-client";

  function register(registry: Registry): void;
  export = register;
}

declare module "prom-client/lib/metrics/heapSizeAndUsed.js" {
  import type { Registry } from "prom-client";

  function register(registry: Registry): void;
  export = register;
}

declare module "prom-client/lib/metrics/osMemoryHeap.js" {
  import type { Registry } from "prom-client";

  function register(registry: Registry): void;
  export = register;
}

declare module "prom-client/lib/metrics/processOpenFileDescriptors.js" {
  import type { Registry } from "prom-client";

  function register(registry: Registry): void;
  export = register;
}

declare module "prom-client/lib/metrics/processStartTime.js" {
  import type { Registry } from "prom-client";

  function register(registry: Registry): void;
  export = register;
}
