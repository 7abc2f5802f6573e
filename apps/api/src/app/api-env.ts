import type { CampaignService } from "@cmo/contract";
import type { ApiKey } from "@cmo/runtime";
import type { HttpBindings } from "@hono/node-server";

/** Who asks, and for whose campaigns. */
export interface Caller {
  readonly tenant: string;
  /** Null on a server without keys. */
  readonly key: ApiKey | null;
}

/** What every handler finds in its context. */
export interface ApiEnv {
  /** Not there when a test calls `app.request`. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** By which this request is found in the log; its answer has it as `X-Request-Id`. */
    requestId: string;
    caller: Caller;
    /** The campaigns of the caller's tenant. */
    service: CampaignService;
  };
}
