import { type ProblemDocument, problemDocumentOf } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import { problemAnswer } from "../answer/problem-answer.ts";
import { RequestRefused } from "../request/request-refused.ts";
import type { ApiEnv } from "./api-env.ts";
import type { ApiParts } from "./api-parts.ts";

/**
 * Makes problem documents of what handlers throw. A `CmoError` is told, without secrets; anything else is an error of
 * ours, of which the caller learns nothing and the log everything.
 */
export function createErrorHandler({ runtime, log }: Pick<ApiParts, "runtime" | "log">) {
  return (thrown: Error, context: Context<ApiEnv>): Response => {
    const error = thrown instanceof CmoError ? thrown : hidden(thrown);
    const document = problemOf(error, runtime.redact);
    if (document.status >= 500) {
      log.error("request failed", {
        code: error.code,
        method: context.req.method,
        route: routeOf(context),
        requestId: context.get("requestId"),
        // A cause is where it came from; both are taken through the log's redaction.
        stack: stackOf(thrown),
      });
    }
    return problemAnswer(document, headersOf(error, document.status));
  };
}

/** An error as a problem document that is fit to be shown. */
function problemOf(error: CmoError, redact: (text: string) => string): ProblemDocument {
  const status = error instanceof RequestRefused ? error.status : null;
  const document = problemDocumentOf(error, status === null ? {} : { status });
  const { detail, hint, problems } = document;
  return {
    ...document,
    detail: redact(detail),
    hint: hint === null ? null : redact(hint),
    ...(problems === undefined
      ? {}
      : {
          problems: problems.map(({ path, message, suggestion, ...place }) => ({
            path: path.map(redact),
            message: redact(message),
            ...(suggestion === undefined ? {} : { suggestion: redact(suggestion) }),
            ...place,
          })),
        }),
  };
}

function hidden(thrown: Error): CmoError {
  return new CmoError("internal", "Something went wrong on this side.", {
    hint: "It is in the server's log.",
    cause: thrown,
  });
}

function headersOf(error: CmoError, status: number): Readonly<Record<string, string>> {
  const headers = error instanceof RequestRefused ? error.headers : {};
  const waitMs = error.retryAfterMs ?? (status === 503 ? 1_000 : null);
  return waitMs === null
    ? headers
    : { ...headers, "Retry-After": String(Math.max(1, Math.ceil(waitMs / 1000))) };
}

function stackOf(thrown: Error): string {
  const { cause } = thrown;
  const own = thrown.stack ?? String(thrown);
  return cause instanceof Error ? `${own}\ncaused by ${cause.stack ?? String(cause)}` : own;
}

function routeOf(context: Context<ApiEnv>): string {
  return matchedRoutes(context).at(-1)?.path ?? "";
}
