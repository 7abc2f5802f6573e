import { CmoError, engineVersion } from "@cmo/engine";
import { type Host, type Log, openKeyDirectory, type RunListener, type StoredRuntime } from "@cmo/runtime";
import { apiPartsOf } from "../app/api-parts-of.ts";
import { createHealthApp } from "../app/create-health-app.ts";
import { createApiMetrics } from "../operation/create-api-metrics.ts";
import { assertGuarded } from "../security/assert-guarded.ts";
import { listen } from "./listen.ts";

/** Where a process that serves no campaigns tells how it is. */
export interface HealthOptions {
  readonly host: Host;
  readonly log: Log;
  /** The address to listen on. Default: `CMO_HOST`, else 127.0.0.1. */
  readonly address?: string | undefined;
  /** 0 for any that is free. */
  readonly port: number;
  /** Where jobs are kept, as a person says it; keys may be beside it. Default: `CMO_STORE`, else the disk. */
  readonly store?: string | undefined;
}

/** What tells how a process is. */
export interface Health {
  /** For `openTelemetry`: hears what is counted. */
  readonly listener: RunListener;
  /** Answers from now on. @throws CmoError as {@link listen}. */
  listen(runtime: StoredRuntime): Promise<ListeningHealth>;
}

/** A {@link Health} that can be asked. */
export interface ListeningHealth {
  readonly url: string;
  /** Says that the process is being stopped, so that it is not ready any more. */
  stopping(): void;
  close(): Promise<void>;
}

/**
 * Makes `/healthz`, `/readyz` and `/metrics` for a worker, guarded as a server's are.
 * @throws CmoError as `openKeyDirectory`; `usage` for an address that others could reach, without keys.
 */
export function createHealth({ host, log, address, port, store }: HealthOptions): Health {
  const keys = openKeyDirectory({
    host,
    store,
    onWarning: (warning) => log.warn(typeof warning === "string" ? warning : warning.message),
  });
  const at = address ?? (host.env.CMO_HOST || "127.0.0.1");
  assertGuarded(at, keys, "--health-host");
  let opened: StoredRuntime | null = null;
  const { meter, runs } = createApiMetrics({
    store: () => {
      if (opened === null) throw new Error("not open yet");
      return opened.store;
    },
    clock: host.clock,
    version: engineVersion,
  });
  return {
    listener: runs,
    async listen(runtime) {
      opened = runtime;
      let isStopping = false;
      const parts = apiPartsOf(runtime, { keys, meter, log, isStopping: () => isStopping });
      const listening = await listen(createHealthApp(parts), { host: at, port }).catch(
        async (error: unknown) => {
          await parts.streams.close();
          throw withOwnHint(error);
        },
      );
      return {
        url: listening.url,
        stopping() {
          isStopping = true;
        },
        async close() {
          await parts.streams.close();
          await listening.close();
        },
      };
    },
  };
}

/** The same port is another flag here. */
function withOwnHint(error: unknown): unknown {
  if (!(error instanceof CmoError) || error.code !== "conflict") return error;
  return new CmoError(error.code, error.message, {
    hint: "Something listens there already, perhaps another worker. Choose another port: --health-port.",
    cause: error,
  });
}
