import type { CampaignService } from "@cmo/contract";
import type { KeyDirectory, Log, StoredRuntime } from "@cmo/runtime";
import type { ConsoleFiles } from "../console/console-files.ts";
import type { ApiMeter } from "../operation/api-meter.ts";
import type { EventStreams } from "../stream/event-streams.ts";
import type { ApiLimits } from "./api-limits.ts";

/** What the app is made of. Nothing here listens; tests give their own and call `app.request`. */
export interface ApiParts {
  readonly runtime: StoredRuntime;
  /** The campaigns of a tenant. */
  service(tenant: string): CampaignService;
  readonly streams: EventStreams;
  /** Null for a server without keys: it answers on loopback only, and everything is of one tenant. */
  readonly keys: KeyDirectory | null;
  readonly meter: ApiMeter;
  readonly log: Log;
  readonly limits: ApiLimits;
  /** Null for a server without one: its root leads to the documentation. */
  readonly console: ConsoleFiles | null;
  /** Whether the server is being stopped; it then is not ready. */
  isStopping(): boolean;
}
