import { CmoError } from "@cmo/engine";
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { dataHeaders } from "../security/security-headers.ts";
import { createReadiness } from "./readiness.ts";

/** The version of the API, by which a client knows that it is one. */
const apiVersion = { "cmo-api": "1" } as const;

const metricsMediaType = "text/plain; version=0.0.4; charset=utf-8";

const healthSchema = v.object({ ok: v.boolean() });

/**
 * Whether the server lives, whether it can be given work, and what it has counted. `/metrics` is for a caller who was
 * let in before, where there are keys.
 */
export function operationRoutes(parts: ApiParts): Hono<ApiEnv> {
  const { keys, meter, runtime } = parts;
  const readiness = createReadiness({
    store: runtime.store,
    clock: runtime.host.clock,
    isStopping: () => parts.isStopping(),
  });
  return new Hono<ApiEnv>()
    .get("/healthz", healthzDescription, () => healthAnswer(true))
    .get("/readyz", readyzDescription, async () => healthAnswer(await readiness.isReady()))
    .get("/metrics", metricsDescription, async (context) => {
      if (keys !== null) assertOperator(context);
      return new Response(await meter.exposition(), {
        headers: { ...dataHeaders, "Content-Type": metricsMediaType },
      });
    });
}

/** Says only whether all is well: health is asked without a key. */
function healthAnswer(ok: boolean): Response {
  return jsonAnswer({ ok }, ok ? 200 : 503, apiVersion);
}

/** @throws CmoError `unauthenticated` without a key, `forbidden` for one that is no operator's. */
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
    hint: "Ask with an operator's key.",
  });
}

const versionHeader = { "cmo-api": "The version of the API." } as const;

const healthzDescription = describe({
  id: "readHealth",
  tag: "operation",
  summary: "Whether the server lives",
  isOpen: true,
  answers: {
    200: { description: "It does.", schema: healthSchema, headers: versionHeader, example: { ok: true } },
  },
  refusals: [],
});

const readyzDescription = describe({
  id: "readReadiness",
  tag: "operation",
  summary: "Whether the server can be given work",
  description: "Its store answers in time, and it is not being stopped.",
  isOpen: true,
  answers: {
    200: { description: "It can.", schema: healthSchema, headers: versionHeader, example: { ok: true } },
    503: {
      description: "It cannot now.",
      schema: healthSchema,
      headers: versionHeader,
      example: { ok: false },
    },
  },
  refusals: [],
});

const metricsDescription = describe({
  id: "readMetrics",
  tag: "operation",
  summary: "What the server has counted, for Prometheus",
  description: "For an operator's key; on a server without keys, for everybody who reaches it on loopback.",
  answers: {
    200: { description: "Every metric.", media: { "text/plain": "Prometheus' text format, version 0.0.4." } },
  },
  refusals: [401, 403],
});
