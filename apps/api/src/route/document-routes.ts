import { createHash } from "node:crypto";
import { Hono } from "hono";
import { textAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { docsPage } from "../document/docs-page.ts";
import { docsStyle } from "../document/docs-style.ts";
import type { OpenApiDocument } from "../document/openapi-document.ts";
import { pageHeaders } from "../security/security-headers.ts";

/** The documents of the API: for machines and for people. Each is made when it is first asked for. */
export function documentRoutes(
  { keys }: Pick<ApiParts, "keys">,
  makeDocument: () => Promise<OpenApiDocument>,
): Hono<ApiEnv> {
  const document = once(makeDocument);
  const json = once(async () => JSON.stringify(await document()));
  const page = once(async () => docsPage(await document(), keys !== null));
  const headers = pageHeaders(createHash("sha256").update(docsStyle).digest("base64"));
  return new Hono<ApiEnv>()
    .get("/openapi.json", describeDocument, async () => textAnswer(await json()))
    .get("/docs", describeDocs, async () => new Response(await page(), { headers }));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
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

const describeDocs = describe({
  id: "readDocs",
  tag: "operation",
  summary: "The API's document, for people",
  answers: {
    200: { description: "A page.", media: { "text/html": "It fetches nothing and runs nothing." } },
  },
  refusals: [],
  isOpen: true,
});
