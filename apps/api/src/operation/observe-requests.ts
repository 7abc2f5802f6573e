import { randomUUID } from "node:crypto";
import type { Log } from "@cmo/runtime";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import { withHeader } from "../answer/plain-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiMeter } from "./api-meter.ts";

/** What {@link observeRequests} tells. */
export interface ObserveRequestsOptions {
  readonly meter: ApiMeter;
  readonly log: Log;
  /** Milliseconds that only ever grow. Default: the process's. */
  readonly ticks?: () => number;
}

/** A middleware; whoever knows the pattern of the route says it, which is cheaper than looking it up. */
export type ObserveRequest = (
  context: Context<ApiEnv>,
  next: () => Promise<void>,
  pattern?: string,
) => Promise<void>;

/**
 * Counts each request, writes a line about it, and gives it an id: that of its `X-Request-Id`, if it is one, or a new
 * one; `identified` tells the answer. To be mounted before everything else. A line holds the route's pattern and never the
 * path, the query, or where the request came from; reads that went well are told at `debug` only.
 */
export function observeRequests({
  meter,
  log,
  ticks = () => performance.now(),
}: ObserveRequestsOptions): ObserveRequest {
  const tellsAll = log.level === "debug";
  return async function observeRequest(context, next, pattern) {
    const startedAt = ticks();
    const requestId = requestIdOf(givenIdOf(context));
    context.set("requestId", requestId);
    await next();

    const ms = ticks() - startedAt;
    const { method } = context.req;
    const { status } = context.res;
    const route = pattern ?? routeOf(context, status);
    meter.request({ method, route, status, seconds: ms / 1_000 });
    const isRead = method === "GET" || method === "HEAD";
    if (!tellsAll && isRead && status < 400) return;
    const say = status >= 500 ? log.warn : isRead && status < 400 ? log.debug : log.info;
    const caller: ApiEnv["Variables"]["caller"] | undefined = context.get("caller");
    say("request", {
      method,
      route,
      status,
      ms: Math.round(ms * 1_000) / 1_000,
      requestId,
      keyId: caller?.key?.id,
      tenant: caller?.tenant,
      jobId: jobIdOf(context, status),
    });
  };
}

/** An answer that says by which id its request is found in the log. */
export function identified(answer: Response, context: Context<ApiEnv>): Response {
  const requestId = context.get("requestId");
  const plain = withHeader(answer, "X-Request-Id", requestId);
  if (plain !== null) return plain;
  const outgoing = context.env?.outgoing;
  // What streams is not made again for a header.
  if (outgoing === undefined) answer.headers.set("X-Request-Id", requestId);
  else outgoing.setHeader("X-Request-Id", requestId);
  return answer;
}

const requestIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** Node's own record is there already; the adapter makes its headers when somebody asks for the first of them. */
function givenIdOf(context: Context<ApiEnv>): string | undefined {
  const incoming = context.env?.incoming;
  if (incoming === undefined) return context.req.header("x-request-id");
  const given = incoming.headers["x-request-id"];
  return typeof given === "string" ? given : undefined;
}

function requestIdOf(given: string | undefined): string {
  return given !== undefined && requestIdPattern.test(given) ? given : randomUUID();
}

/** The pattern of the route that answered; where something before it did, of the one that would have. */
function routeOf(context: Context<ApiEnv>, status: number): string {
  const routes = matchedRoutes(context);
  const answered = routes[context.req.routeIndex]?.path ?? "";
  if (answered !== "" && !answered.endsWith("*")) return answered;
  const meant = routes.findLast(({ path }) => !path.endsWith("*"))?.path;
  // Whoever asks for what is not there makes no more of a series than of a page.
  return meant ?? (status === 404 || answered === "" ? "unmatched" : answered);
}

const jobIdPattern = /^job_[0-9a-z]{20}$/;

/** The job that the request is about, or that it has made. What is no job's id is somebody's text. */
function jobIdOf(context: Context<ApiEnv>, status: number): string | null {
  const made = status === 201 ? context.res.headers.get("location")?.split("/").at(-1) : undefined;
  const jobId = made ?? context.req.param("id") ?? context.req.param("jobId");
  return jobId !== undefined && jobIdPattern.test(jobId) ? jobId : null;
}
