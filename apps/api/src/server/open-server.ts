import type { Job } from "@cmo/engine";
import {
  type Host,
  type JobObserver,
  type Log,
  openKeyDirectory,
  openRuntime,
  type StoredRuntime,
} from "@cmo/runtime";
import type { ApiParts } from "../app/api-parts.ts";
import { apiPartsOf } from "../app/api-parts-of.ts";
import { createApp } from "../app/create-app.ts";
import { assertGuarded } from "../security/assert-guarded.ts";
import { type ListeningApp, listen } from "./listen.ts";
import type { ServeSettings } from "./serve-options.ts";

/** A server that listens, and does not work on jobs yet. */
export interface OpenedServer {
  readonly runtime: StoredRuntime;
  readonly parts: ApiParts;
  readonly listening: ListeningApp;
  /** Says that it is being stopped, so that it is not ready any more. */
  stopping(): void;
}

/** Opens the store and listens. @throws CmoError as `openKeyDirectory`, `openRuntime`, `assertGuarded` and `listen`. */
export async function openServer(settings: ServeSettings, host: Host, log: Log): Promise<OpenedServer> {
  const { store, configDirectory } = settings;
  const keys = openKeyDirectory({
    host,
    store,
    onWarning: (warning) => log.warn(typeof warning === "string" ? warning : warning.message),
  });
  assertGuarded(settings.host, keys);
  const runtime = await openRuntime({ host, location: store, observer: jobLog(log) });
  let isStopping = false;
  const parts = apiPartsOf(runtime, { keys, log, configDirectory, isStopping: () => isStopping });
  try {
    const listening = await listen(createApp(parts), {
      host: settings.host,
      port: settings.port,
      maxConnections: parts.limits.readers + 1_000,
    });
    const { location } = runtime;
    log.info("listening", {
      url: listening.url,
      store: location.type === "file" ? location.path : location.type,
      keys: keys?.list().length ?? 0,
      worker: settings.worker,
    });
    return {
      runtime,
      parts,
      listening,
      stopping() {
        isStopping = true;
      },
    };
  } catch (error) {
    await parts.streams.close();
    await runtime.close();
    throw error;
  }
}

function jobLog(log: Log): JobObserver {
  const facts = ({ id, status, epoch }: Job) => ({ jobId: id, status, epoch });
  return {
    onTaken: (job) => log.info("job taken", facts(job)),
    onReleased: (job) => log.info("job let go", facts(job)),
    onLost: (jobId) => log.warn("job lost to another worker", { jobId }),
  };
}
