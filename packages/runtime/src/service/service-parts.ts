import type { StoredRuntime } from "../runtime/open-runtime.ts";

/** The part of a runtime that campaigns are served from. */
export type ServiceRuntime = Pick<StoredRuntime, "host" | "engine" | "agent" | "store" | "leaseMs">;

/** What every method of a service works with. */
export interface ServiceParts {
  readonly runtime: ServiceRuntime;
  /** Whose jobs these are. */
  readonly tenant: string;
  /** The folder in which a `config_path` names a file; null where there is none. */
  readonly configDirectory: string | null;
}
