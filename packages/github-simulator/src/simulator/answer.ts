import type { RateLimitState } from "../limit/rate-limit-bucket.ts";

/** An HTTP answer before it becomes a `Response`. */
export interface SimulatedAnswer {
  status: number;
  headers: Record<string, string>;
  /** Null for answers that have no body. */
  body: string | null;
}

/** An answer in JSON. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): SimulatedAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

/** A refusal as GitHub words it. */
export function messageAnswer(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): SimulatedAnswer {
  return jsonAnswer(
    status,
    { message, documentation_url: "https://docs.github.com/rest", status: String(status) },
    headers,
  );
}

/** What the edge answers when the service behind it gave up. */
export function gatewayAnswer(status: 502 | 504): SimulatedAnswer {
  const title = status === 502 ? "502 Bad Gateway" : "504 Gateway Time-out";
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  };
}

/** The primary limit is used up: REST says so by status, GraphQL in the body of a 200. */
export function primaryLimitAnswer(isGraphql: boolean): SimulatedAnswer {
  const message = "API rate limit exceeded for user ID 1.";
  if (isGraphql) return jsonAnswer(200, { errors: [{ type: "RATE_LIMITED", message }] });
  return messageAnswer(403, message);
}

/** A secondary limit was met. */
export function secondaryLimitAnswer(status: 403 | 429, retryAfterSeconds: number | null): SimulatedAnswer {
  return messageAnswer(
    status,
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) },
  );
}

/** The headers that tell a bucket's state. */
export function rateLimitHeaders(state: RateLimitState): Record<string, string> {
  return {
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": String(state.remaining),
    "x-ratelimit-used": String(state.used),
    "x-ratelimit-reset": String(Math.round(state.resetAtMs / 1000)),
    "x-ratelimit-resource": state.resource,
  };
}
