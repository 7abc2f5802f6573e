import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import type { ApiEnv } from "../app/api-env.ts";
import { routeTags } from "./describe.ts";
import { refusalResponses } from "./refusals.ts";

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = Awaited<ReturnType<typeof generateSpecs>>;

/** The document of an app, made of what its routes say of themselves. */
export function openApiDocument(app: Hono<ApiEnv>, version: string): Promise<OpenApiDocument> {
  return generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      info: {
        title: "cmo",
        version,
        summary: "Campaigns that find the people who keep open-source projects alive.",
        description,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "This server." }],
      tags: Object.entries(routeTags).map(([name, about]) => ({ name, description: about })),
      components: {
        responses: refusalResponses(),
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "A key: cmo_…; made with cmo keys create." },
          apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same key." },
        },
      },
    },
  });
}

const description = `Submit a campaign, watch it, fetch what it found.

Errors are problem documents (RFC 9457) with the engine's error code in \`code\`, what to do in \`hint\`, and every field that is wrong in \`problems\`. A server without keys answers only on its own machine, and needs none; with keys, everything under /api needs one, in a header and never in an address. Times are ISO instants in UTC. Keys of a query that are not known are an error.`;
