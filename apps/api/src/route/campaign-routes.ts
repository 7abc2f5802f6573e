import {
  type ConfigRequest,
  campaignEstimateSchema,
  configRequestSchema,
  configSchemaSchema,
  validationSchema,
} from "@cmo/contract";
import { type Context, Hono } from "hono";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { examples } from "../document/examples.ts";
import { readConfig } from "../request/read-submission.ts";
import { setQuery } from "./job-queries.ts";

/** What a campaign would be, before it is one. Nothing is started, and the source is asked nothing. */
export function campaignRoutes({ limits }: ApiParts): Hono<ApiEnv> {
  const read = (context: Context<ApiEnv>): Promise<ConfigRequest> => readConfig(context, limits.bodyBytes);
  return new Hono<ApiEnv>()
    .get("/config-schema", describeSchema, async (context) =>
      jsonAnswer(await context.get("service").configSchema()),
    )
    .post("/validate", describeValidate, async (context) =>
      jsonAnswer(await context.get("service").validate(await read(context))),
    )
    .post("/estimate", describeEstimate, async (context) =>
      jsonAnswer(await context.get("service").estimate(await read(context))),
    );
}

const body = {
  schema: configRequestSchema,
  example: { config: examples.config },
  others: { "application/yaml": examples.yaml },
} as const;

const describeSchema = describe({
  id: "readConfigSchema",
  tag: "campaigns",
  summary: "The JSON Schema of a config",
  description: "For editors and forms: every key with what it means and what it is when nobody says.",
  answers: { 200: { description: "The schema, of draft 7.", schema: configSchemaSchema } },
  refusals: [],
});

const describeValidate = describe({
  id: "validateCampaign",
  tag: "campaigns",
  summary: "Whether a config is right",
  query: setQuery,
  body,
  answers: { 200: { description: "What is wrong with it, if anything.", schema: validationSchema } },
  refusals: [413, 415],
});

const describeEstimate = describe({
  id: "estimateCampaign",
  tag: "campaigns",
  summary: "What a campaign would take: requests, points, time",
  query: setQuery,
  body,
  answers: { 200: { description: "The estimate.", schema: campaignEstimateSchema } },
  refusals: [413, 415, 422],
});
