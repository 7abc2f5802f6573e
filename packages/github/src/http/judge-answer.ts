import { CmoError } from "@cmo/engine";
import * as v from "valibot";
import { type GraphqlError, graphqlAnswerSchema, restErrorSchema } from "./answer-schema.ts";
import type { Exchange } from "./exchange.ts";
import { readQuota, readRequestId, readRetryAfterMs, readScopes } from "./header.ts";

/** What an exchange means, by the table of GitHub's limits and errors. */
export type Verdict =
  /** A GraphQL answer with data, errors about parts of it, or both. */
  | { kind: "data"; data: Record<string, unknown> | null; errors: readonly GraphqlError[] }
  /** A REST answer. */
  | { kind: "body"; body: unknown }
  /** A REST answer that is still what it was. */
  | { kind: "unchanged" }
  /** What was asked for by REST does not exist (any more), or may not be shown. */
  | { kind: "absent"; status: number }
  | { kind: "limited"; limit: "primary" | "secondary"; retryAfterMs: number | null; code: string }
  /** It was too much, or something broke: worth asking again, for less. `code` is short and for logs. */
  | { kind: "failed"; failure: Failure }
  | { kind: "redirected"; location: string }
  /** Asking again would not help. */
  | { kind: "refused"; code: string; error: CmoError };

/** A failure that may pass. */
export interface Failure {
  /** Short and for logs: `http_502`, `timeout`, `resource_limits`. */
  code: string;
  /**
   * What is to blame: the `size` of the question (GitHub's 10-second clock), something `elsewhere` (there is no
   * connection, so a smaller question would not help), or that cannot be told.
   */
  blame: "size" | "elsewhere" | "unknown";
  /** What to throw when it does not pass. */
  error: CmoError;
}

/** Judges one exchange. `take` makes a server's words fit for a message (redacted, short). */
export function judgeAnswer(
  answered: Exchange,
  context: {
    api: "graphql" | "rest";
    nowMs: number;
    durationMs: number;
    /** It was asked only whether something has changed. */
    isConditional: boolean;
    host: string;
    quote: (text: string) => string;
  },
): Verdict {
  const { host } = context;
  if (answered.kind === "timeout") {
    return failed(
      "timeout",
      "size",
      new CmoError("timeout", `${host} did not answer in time.`, { hint: hintLater }),
    );
  }
  if (answered.kind === "broken") {
    const error = new CmoError("source_unavailable", `${host} could not be reached (${answered.reason}).`, {
      hint: "Check the connection, GITHUB_API_URL if it is set, and NODE_EXTRA_CA_CERTS where a proxy has its own certificate.",
    });
    return failed("network", connectPattern.test(answered.reason) ? "elsewhere" : "unknown", error);
  }
  const { status, headers } = answered;
  const requestId = readRequestId(headers);
  const where = requestId === null ? `${status}` : `${status}, request ${requestId}`;
  const body = parseJson(answered.text);
  const graphql = context.api === "graphql" ? v.safeParse(graphqlAnswerSchema, body) : null;
  const errors = graphql?.success ? (graphql.output.errors ?? []) : [];
  const message = [
    graphql?.success ? graphql.output.message : "",
    v.is(restErrorSchema, body) ? v.parse(restErrorSchema, body).message : "",
    ...errors.map((error) => error.message),
    body === undefined ? answered.text.slice(0, 2_000) : "",
  ].join("\n");

  if (status === 304 && context.isConditional) return { kind: "unchanged" };
  if (status >= 300 && status < 400) {
    return { kind: "redirected", location: headers.get("location") ?? "" };
  }
  if (status === 401) {
    const error = new CmoError("unauthenticated", `GitHub does not accept the token (${where}).`, {
      hint: "Set GITHUB_TOKEN to a token that is valid, or use source: simulator.",
    });
    return { kind: "refused", code: "unauthenticated", error };
  }
  const limit = judgeLimit(status, headers, message, errors, context.nowMs);
  if (limit !== null) return limit;
  if (status === 403) return refuseForbidden(headers, message, where, context.quote);
  if (status >= 500) {
    const error = new CmoError("source_unavailable", `${host} could not answer (${where}).`, {
      hint: hintLater,
    });
    const isClock = timeoutPattern.test(message) || context.durationMs >= clockMs;
    return failed(`http_${status}`, isClock ? "size" : "unknown", error);
  }
  if (context.api === "rest") {
    if (status === 404 || status === 410 || status === 451) return { kind: "absent", status };
    if (status >= 400) return refuse(status, where, message, context);
    return body === undefined ? unreadable(where, host) : { kind: "body", body };
  }
  if (status >= 400) return refuse(status, where, message, context);
  if (graphql === null || !graphql.success) return unreadable(where, host);
  return judgeGraphqlData(graphql.output.data, errors, where, context);
}

const hintLater = "GitHub may be in trouble: try again later. What was found so far is kept.";
const secondaryPattern = /secondary rate limit|abuse detection|submitted too quickly/i;
const primaryPattern = /rate limit (?:already )?exceeded|API rate limit/i;
const permissionPattern = /not accessible|must have|SAML|forbids|suspended|protected/i;
const timeoutPattern = /something went wrong while executing your query|timed out|time-?out/i;
const connectPattern =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|.*CERT.*)$/;
/** GitHub ends a request after 10 s. */
const clockMs = 9_000;

function judgeLimit(
  status: number,
  headers: Headers,
  message: string,
  errors: readonly GraphqlError[],
  nowMs: number,
): Verdict | null {
  const isRefused = status === 403 || status === 429;
  const isRateLimited = errors.some((error) => error.type === "RATE_LIMITED" || error.type === "RATE_LIMIT");
  if (!isRefused && !isRateLimited && !(errors.length > 0 && secondaryPattern.test(message))) return null;
  const retryAfterMs = readRetryAfterMs(headers, nowMs);
  const isSecondary = secondaryPattern.test(message);
  const isPrimary = isRateLimited || primaryPattern.test(message);
  const isExhausted = readQuota(headers)?.remaining === 0 && !permissionPattern.test(message);
  if (status !== 429 && !isSecondary && !isPrimary && !isExhausted && retryAfterMs === null) return null;
  const limit = !isSecondary && (isPrimary || isExhausted) ? "primary" : "secondary";
  return { kind: "limited", limit, retryAfterMs, code: `${limit}_limit` };
}

function refuseForbidden(
  headers: Headers,
  message: string,
  where: string,
  quote: (text: string) => string,
): Verdict {
  const accepted = readScopes(headers, "x-accepted-oauth-scopes") ?? [];
  const granted = readScopes(headers, "x-oauth-scopes");
  if (accepted.length > 0 && granted !== null && !accepted.some((scope) => granted.includes(scope))) {
    return { kind: "refused", code: "missing_scope", error: missingScope(accepted, where) };
  }
  const error = new CmoError("forbidden", `GitHub refused (${where}): ${quote(message)}`, {
    hint: "Use a GITHUB_TOKEN that may read public repositories and profiles; where an organization asks for it, authorize the token for single sign-on.",
  });
  return { kind: "refused", code: "forbidden", error };
}

/** The error of a token that lacks a scope; `scopes` are those of which one is enough. */
export function missingScope(scopes: readonly string[], where: string): CmoError {
  const names = scopes.length === 0 ? "a scope" : `the scope ${scopes.join(" or ")}`;
  return new CmoError("missing_scope", `The token lacks ${names} (${where}).`, {
    hint: `Give the token of GITHUB_TOKEN ${names}.`,
  });
}

function judgeGraphqlData(
  data: Record<string, unknown> | null,
  errors: readonly GraphqlError[],
  where: string,
  context: { host: string; quote: (text: string) => string },
): Verdict {
  if (data !== null || errors.some((error) => error.type === "INSUFFICIENT_SCOPES")) {
    return { kind: "data", data, errors };
  }
  const tooMuch = errors.find((error) => isTooMuch(error));
  if (tooMuch !== undefined) return { kind: "failed", failure: tooLarge(tooMuch, where) };
  if (errors.length === 0) return unreadable(where, context.host);
  const [first] = errors;
  if (first?.type === "NOT_FOUND") return { kind: "data", data, errors };
  if (first?.type === "FORBIDDEN") return refuseForbidden(new Headers(), first.message, where, context.quote);
  const error = new CmoError(
    "source_rejected",
    `GitHub rejected a query (${where}): ${context.quote(first?.message ?? "")}`,
    {
      hint: "The server may be older than this program expects (GitHub Enterprise Server), or this is a bug.",
    },
  );
  return { kind: "refused", code: "rejected", error };
}

/** The failure of a query that was too much, as a whole or in parts that cannot be told from the rest. */
export function tooLarge(error: GraphqlError, where: string): Failure {
  const code = error.type === null ? "query_timeout" : error.type.toLowerCase();
  return {
    code,
    blame: "size",
    error: new CmoError("timeout", `GitHub gave up on a query (${where}).`, { hint: hintLater }),
  };
}

/** Whether an error says that less should be asked at once. */
export function isTooMuch(error: GraphqlError): boolean {
  if (
    error.type !== null &&
    /^(RESOURCE_LIMITS_EXCEEDED|MAX_NODE_LIMIT_EXCEEDED|.*TIMEOUT.*)$/.test(error.type)
  )
    return true;
  return timeoutPattern.test(error.message);
}

function refuse(
  status: number,
  where: string,
  message: string,
  context: { host: string; quote: (text: string) => string },
): Verdict {
  const error = new CmoError(
    "source_rejected",
    `${context.host} rejected a request (${where}): ${context.quote(message)}`,
    {
      hint: "Check GITHUB_API_URL and GITHUB_GRAPHQL_URL: is this the API of GitHub or of a GitHub Enterprise Server?",
    },
  );
  return { kind: "refused", code: `http_${status}`, error };
}

function unreadable(where: string, host: string): Verdict {
  const error = new CmoError(
    "source_answer_invalid",
    `${host} sent something that is not an answer (${where}).`,
    {
      hint: "Check that GITHUB_API_URL is the API of GitHub, and that no proxy answers in its place.",
      retryable: true,
    },
  );
  return failed("unreadable", "unknown", error);
}

function failed(code: string, blame: Failure["blame"], error: CmoError): Verdict {
  return { kind: "failed", failure: { code, blame, error } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
