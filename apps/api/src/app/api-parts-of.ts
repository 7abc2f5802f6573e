import type { CampaignService } from "@cmo/contract";
import { createCampaignService, type KeyDirectory, type Log, type StoredRuntime } from "@cmo/runtime";
import type { ConsoleFiles } from "../console/console-files.ts";
import { type ApiMeter, idleMeter } from "../operation/api-meter.ts";
import { createEventStreams } from "../stream/create-event-streams.ts";
import { type ApiLimits, defaultApiLimits } from "./api-limits.ts";
import type { ApiParts } from "./api-parts.ts";

/** What is different from an API that nobody has set up further. */
export interface ApiPartsOptions {
  /** Default: none, so that it is of one tenant and of this machine. */
  readonly keys?: KeyDirectory | null;
  /** Default: it counts nothing. */
  readonly meter?: ApiMeter;
  /** Default: it says nothing. */
  readonly log?: Log;
  readonly limits?: Partial<ApiLimits>;
  /** Default: none. */
  readonly console?: ConsoleFiles | null;
  /** The folder in which a `config_path` names a file. Default: none. */
  readonly configDirectory?: string | null;
  /** Default: it never is. */
  isStopping?(): boolean;
}

/** The parts of an API over a runtime. */
export function apiPartsOf(runtime: StoredRuntime, options: ApiPartsOptions = {}): ApiParts {
  const { keys = null, meter = idleMeter, log = silentLog, configDirectory = null } = options;
  const limits = { ...defaultApiLimits, ...options.limits };
  // As many as there are tenants with a key.
  const services = new Map<string, CampaignService>();
  return {
    runtime,
    service(tenant) {
      const service = services.get(tenant) ?? createCampaignService(runtime, { tenant, configDirectory });
      services.set(tenant, service);
      return service;
    },
    streams: createEventStreams({
      store: runtime.store,
      clock: runtime.host.clock,
      meter,
      log,
      limits,
    }),
    keys,
    meter,
    log,
    limits,
    console: options.console ?? null,
    isStopping: () => options.isStopping?.() ?? false,
  };
}

const silentLog: Log = {
  level: "error",
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};
