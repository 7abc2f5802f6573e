import { problemDocumentSchema, problemMediaType } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import { type Context, Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import * as v from "valibot";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { createReadiness } from "./readiness.ts";

/** The version of the API, by which a client knows that it is one. */
const apiVersion = "1";

const healthSchema = v.object({ ok: v.boolean() });

/** Whether the server lives, whether it can be given work, and what it has counted. */
export function operationRoutes(parts: ApiParts): Hono<ApiEnv> {
  const { keys, meter, runtime } = parts;
  const readiness = createReadiness({
    store: runtime.store,
    clock: runtime.host.clock,
    isStopping: () => parts.isStopping(),
  });
  return new Hono<ApiEnv>()
    .get("/healthz", describeHealthz, (context) => sayHealth(context, true))
    .get("/readyz", describeReadyz, async (context) => sayHealth(context, await readiness.isReady()))
    .get("/metrics", describeMetrics, async (context) => {
      if (keys !== null) assertOperator(context);
      return context.body(await meter.exposition(), 200, {
        "Content-Type": metricsMediaType,
        "Cache-Control": "no-store",
      });
    });
}

const metricsMediaType = "text/plain; version=0.0.4; charset=utf-8";

/** Says only whether it is well: health is asked without a key. */
function sayHealth(context: Context<ApiEnv>, ok: boolean): Response {
  return context.json({ ok }, ok ? 200 : 503, { "cmo-api": apiVersion, "Cache-Control": "no-store" });
}

function assertOperator(context: Context<ApiEnv>): void {
  // Not there when nobody asked for a key on the way.
  const caller: ApiEnv["Variables"]["caller"] | undefined = context.get("caller");
  const key = caller?.key ?? null;
  if (key === null) {
    throw new CmoError("unauthenticated", "The metrics of this server need a key.", {
      hint: "Send an operator's key: Authorization: Bearer cmo_…",
    });
  }
  if (key.role === "operator") return;
  throw new CmoError("forbidden", "The metrics are about all tenants, and this key is of one.", {
    hint: "Use an operator's key: cmo keys create --role operator",
  });
}

function health(description: string) {
  return {
    description,
    headers: { "cmo-api": { description: "The version of the API.", schema: { type: "string" as const } } },
    content: { "application/json": { schema: resolver(healthSchema) } },
  };
}

function refusal(description: string) {
  return { description, content: { [problemMediaType]: { schema: resolver(problemDocumentSchema) } } };
}

const describeHealthz = describeRoute({
  operationId: "readHealth",
  tags: ["operation"],
  summary: "Whether the server lives",
  security: [],
  responses: { 200: health("It does.") },
});

const describeReadyz = describeRoute({
  operationId: "readReadiness",
  tags: ["operation"],
  summary: "Whether the server can be given work",
  description: "Its store answers in time, and it is not being stopped.",
  security: [],
  responses: { 200: health("It can."), 503: health("It cannot now.") },
});

const describeMetrics = describeRoute({
  operationId: "readMetrics",
  tags: ["operation"],
  summary: "What the server has counted, for Prometheus",
  description: "For an operator's key; on a server without keys, for everybody who reaches it on loopback.",
  responses: {
    200: {
      description: "Prometheus' text format, version 0.0.4.",
      content: { "text/plain": { schema: { type: "string" } } },
    },
    401: refusal("There was no key, or a wrong one."),
    403: refusal("The key is no operator's."),
  },
});
