import {
  type ConfigRequest,
  configRequestSchema,
  type SubmitRequest,
  submitRequestSchemas,
} from "@cmo/contract";
import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import { setQuery, yamlQuery } from "../route/job-queries.ts";
import { parseJsonBody } from "./parse-json-body.ts";
import { readBody } from "./read-body.ts";
import { type BodySchema, fitTo } from "./read-json.ts";
import { type QuerySchema, readQuery } from "./read-query.ts";
import { RequestRefused } from "./request-refused.ts";

/** Media types under which a config comes as its YAML. */
const yamlMediaTypes = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"] as const;

/**
 * Reads what a job is submitted with: one of the forms as JSON, or a config as YAML with the rest in the query.
 * @throws RequestRefused as `readBody`, `readQuery` and `fitTo`.
 */
export async function readSubmission(context: Context<ApiEnv>, limitBytes: number): Promise<SubmitRequest> {
  const body = await readJsonOrYaml(context, yamlQuery, limitBytes);
  return fitTo(formOf(body), body);
}

/** Reads a config as JSON or YAML. @throws RequestRefused as {@link readSubmission}. */
export async function readConfig(context: Context<ApiEnv>, limitBytes: number): Promise<ConfigRequest> {
  const schema: BodySchema<ConfigRequest> = configRequestSchema;
  return fitTo(schema, await readJsonOrYaml(context, setQuery, limitBytes));
}

async function readJsonOrYaml(
  context: Context<ApiEnv>,
  query: QuerySchema,
  limitBytes: number,
): Promise<unknown> {
  const beside = readQuery(context, query);
  const accepted = ["application/json", ...yamlMediaTypes];
  const { mediaType, text } = await readBody(context, { accepted, limitBytes });
  if (mediaType !== "application/json") return { config: text, ...beside };
  const [misplaced] = Object.keys(beside);
  if (misplaced === undefined) return parseJsonBody(text);
  throw new RequestRefused("usage", "The query is not right.", {
    problems: [{ path: [misplaced], message: "belongs into the body, when that is JSON" }],
  });
}

function formOf(body: unknown): BodySchema<SubmitRequest> {
  const has = (key: string) => typeof body === "object" && body !== null && Object.hasOwn(body, key);
  if (has("spec")) return submitRequestSchemas.spec;
  return has("config") ? submitRequestSchemas.config : submitRequestSchemas.goal;
}
