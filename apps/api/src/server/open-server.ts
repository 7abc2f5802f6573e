import { engineVersion } from "@cmo/engine";
import {
  type Host,
  type Log,
  logRuns,
  openKeyDirectory,
  openRuntime,
  openTelemetry,
  type StoredRuntime,
  type Telemetry,
} from "@cmo/runtime";
import type { ApiParts } from "../app/api-parts.ts";
import { apiPartsOf } from "../app/api-parts-of.ts";
import { createApp } from "../app/create-app.ts";
import { builtConsole, readConsole } from "../console/console-files.ts";
import { createApiMetrics } from "../operation/create-api-metrics.ts";
import { assertGuarded } from "../security/assert-guarded.ts";
import { type ListeningApp, listen } from "./listen.ts";
import type { ServeSettings } from "./serve-options.ts";

/** A server that listens, and does not work on jobs yet. */
export interface OpenedServer {
  readonly runtime: StoredRuntime;
  readonly parts: ApiParts;
  readonly listening: ListeningApp;
  readonly telemetry: Telemetry;
  /** Says that it is being stopped, so that it is not ready any more. */
  stopping(): void;
}

/** Opens the store and listens. @throws CmoError as `openKeyDirectory`, `openRuntime`, `assertGuarded` and `listen`. */
export async function openServer(settings: ServeSettings, host: Host, log: Log): Promise<OpenedServer> {
  const { store, configDirectory, limits } = settings;
  const keys = openKeyDirectory({
    host,
    store,
    onWarning: (warning) => log.warn(typeof warning === "string" ? warning : warning.message),
  });
  assertGuarded(settings.host, keys);
  const { meter, runs } = createApiMetrics({
    store: () => runtime.store,
    clock: host.clock,
    version: engineVersion,
  });
  const telemetry = await openTelemetry({ host, log, listeners: [logRuns(log), runs] });
  const runtime = await openRuntime({ host, location: store, ...telemetry.hooks });
  let isStopping = false;
  const parts = apiPartsOf(runtime, {
    keys,
    meter,
    log,
    limits,
    configDirectory,
    console: await readConsole(builtConsole),
    isStopping: () => isStopping,
  });
  try {
    const listening = await listen(createApp(parts), {
      host: settings.host,
      port: settings.port,
      maxConnections: parts.limits.readers + 1_000,
      onFailure: (thrown) => log.error("request failed", { code: "internal", stack: String(thrown) }),
    });
    const { location } = runtime;
    log.info("listening", {
      url: listening.url,
      store:
        location.type === "file"
          ? location.path
          : location.type === "postgres"
            ? location.name
            : location.type,
      keys: keys?.list().length ?? 0,
      worker: settings.worker,
    });
    const stopping = () => {
      isStopping = true;
    };
    return { runtime, parts, listening, telemetry, stopping };
  } catch (error) {
    await parts.streams.close();
    await telemetry.close(0);
    await runtime.close();
    throw error;
  }
}
