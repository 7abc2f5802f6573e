import type { Environment, Host } from "../host/host.ts";
import type { OpenRuntimeOptions } from "../runtime/open-runtime.ts";
import { followRuns } from "./follow-runs.ts";
import type { Log } from "./log.ts";
import type { RunListener } from "./run-listener.ts";

/** Whoever listens to what a process does with jobs. */
export interface Telemetry {
  /** For `openRuntime`. Empty when nobody listens: then nothing is done for it. */
  readonly hooks: Pick<OpenRuntimeOptions, "observer" | "onRequest">;
  /**
   * Tells the listeners what they have not heard, and sends what is left of the traces, for at most so long; to be
   * called when the runtime does nothing any more. Never throws. Default 5,000 ms.
   */
  close(limitMs?: number): Promise<void>;
}

/** What {@link openTelemetry} is made of. */
export interface OpenTelemetryOptions {
  readonly host: Host;
  readonly log: Log;
  readonly listeners?: readonly RunListener[];
}

/**
 * Listens to a process's jobs: the given listeners, and traces where the environment names a collector
 * (`OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`). Where it does not, nothing of them is loaded.
 * @throws CmoError `config_invalid` for an address of a collector that is none.
 */
export async function openTelemetry({ host, log, listeners = [] }: OpenTelemetryOptions): Promise<Telemetry> {
  const traces = wantsTraces(host.env)
    ? (await import("./trace/open-traces.ts")).openTraces(host, log)
    : null;
  const all = traces === null ? listeners : [...listeners, traces.listener];
  if (all.length === 0) return { hooks: {}, close: async () => {} };
  const follower = followRuns(all, (error) =>
    log.error("a listener failed, and hears nothing more", {
      stack: error instanceof Error ? error.stack : String(error),
    }),
  );
  const { observer, onRequest } = follower;
  return {
    // Requests are told of to those who want to hear of each.
    hooks: all.some((listener) => listener.onRequest !== undefined) ? { observer, onRequest } : { observer },
    async close(limitMs = 5_000) {
      await follower.settle();
      await traces?.close(limitMs);
    },
  };
}

/** Whether the environment asks for traces. */
function wantsTraces(env: Environment): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === "true" || env.OTEL_TRACES_EXPORTER === "none") return false;
  return Boolean(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT);
}
