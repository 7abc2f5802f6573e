import { localTenant } from "@cmo/engine";
import type { Context } from "hono";
import type { ApiEnv, Caller } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { RequestRefused } from "../request/request-refused.ts";
import { refuseForeign, refuseForeignChange } from "./check-host.ts";
import { readKey, refuseKeyInAddress } from "./read-key.ts";
import { createRateLimiter } from "./token-bucket.ts";

/** Looks at every request, whatever it is for. @throws RequestRefused `usage`, `forbidden`. */
export function createGate({ keys, limits }: ApiParts): (context: Context<ApiEnv>) => void {
  return (context) => {
    const { url } = context.req;
    if (url.length > limits.urlLength) {
      throw new RequestRefused("usage", "The address is too long.", {
        status: 414,
        hint: `At most ${limits.urlLength} characters are taken.`,
      });
    }
    const incoming = context.env?.incoming;
    if (incoming !== undefined && incoming.headers.host === undefined) {
      throw new RequestRefused("usage", "The request does not say which host it is for.");
    }
    refuseKeyInAddress(url);
    if (keys === null) refuseForeign(context);
    else refuseForeignChange(context);
  };
}

/** Lets callers in and says who they are. @throws RequestRefused `unauthenticated`, `rate_limited`. */
export function createDoor({ keys, limits, service, runtime }: ApiParts): (context: Context<ApiEnv>) => void {
  const { clock } = runtime.host;
  const limiter = createRateLimiter({ perMinute: limits.requestsPerMinute, burst: limits.requestBurst });
  const nobody: Caller = { tenant: localTenant, key: null };
  const own = keys === null ? service(localTenant) : null;

  function enter(context: Context<ApiEnv>): Caller {
    if (keys === null) return nobody;
    const secret = readKey(context);
    const key = secret === null ? null : keys.find(secret);
    if (key === null) throw unauthenticated(secret === null);
    const waitMs = limiter.take(key.id, clock.now());
    if (waitMs === 0) return { tenant: key.tenant, key };
    throw new RequestRefused("rate_limited", "This key has made too many requests.", {
      hint: `At most ${limits.requestsPerMinute} a minute. Read streams rather than asking again and again.`,
      retryAfterMs: waitMs,
    });
  }

  return (context) => {
    const caller = enter(context);
    context.set("caller", caller);
    context.set("service", own ?? service(caller.tenant));
  };
}

function unauthenticated(isMissing: boolean): RequestRefused {
  return new RequestRefused("unauthenticated", isMissing ? "A key is needed." : "This key opens nothing.", {
    hint: "Send a key of this server as Authorization: Bearer …; make one with: cmo keys create.",
    headers: { "WWW-Authenticate": 'Bearer realm="cmo"' },
  });
}
