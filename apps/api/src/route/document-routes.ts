import { Hono } from "hono";
import { textAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import { describe } from "../document/describe.ts";
import type { OpenApiDocument } from "../document/openapi-document.ts";
import { securityHeaders } from "../security/security-headers.ts";

/** The documents of the API: for machines, for people, and the way there. */
export function documentRoutes(document: () => Promise<OpenApiDocument>): Hono<ApiEnv> {
  let json: Promise<string> | null = null;
  const redirectHeaders = { ...securityHeaders, Location: "/docs" };
  return new Hono<ApiEnv>()
    .get("/openapi.json", describeDocument, async () => {
      json ??= document().then((made) => JSON.stringify(made));
      return textAnswer(await json);
    })
    .get("/", describeRoot, () => new Response(null, { status: 302, headers: redirectHeaders }));
}

const describeDocument = describe({
  id: "readOpenApi",
  tag: "operation",
  summary: "The API's document, as OpenAPI 3.1",
  answers: {
    200: { description: "The document.", media: { "application/json": "An OpenAPI document." } },
  },
  refusals: [],
  isOpen: true,
});

const describeRoot = describe({
  id: "readRoot",
  tag: "operation",
  summary: "The way to the documentation",
  answers: { 302: { description: "To /docs.", headers: { Location: "/docs" } } },
  refusals: [],
  isOpen: true,
});
