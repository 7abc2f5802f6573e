import type { MiddlewareHandler } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver } from "hono-openapi";
import type { GenericSchema } from "valibot";
import type { QuerySchema } from "../request/read-query.ts";
import { queryParameters } from "./query-parameters.ts";
import { type RefusalStatus, refusalReference } from "./refusals.ts";

/** An answer that a route gives when all is well. */
export interface AnswerDescription {
  readonly description: string;
  /** Of the JSON of the answer. */
  readonly schema?: GenericSchema;
  /** For answers that are no JSON of a schema: by media type, what is in it. */
  readonly media?: Readonly<Record<string, string>>;
  /** Headers by name, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly example?: unknown;
}

/** A body that a route takes. */
export interface BodyDescription {
  readonly schema: GenericSchema;
  readonly example: unknown;
  /** Other media types that it may be in, with an example in each. */
  readonly others?: Readonly<Record<string, string>>;
}

/** A route as the document tells of it. */
export interface RouteDescription {
  readonly id: string;
  readonly tag: RouteTag;
  readonly summary: string;
  readonly description?: string;
  /** Parameters in the path, by name. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: QuerySchema;
  /** Headers of the request by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyDescription;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Statuses that it answers with a problem document, beside those that every route has. */
  readonly refusals: readonly RefusalStatus[];
  /** A query with which a line for a shell does something, and no harm. */
  readonly tryQuery?: string;
  /** Whether it answers without a key. Default false. */
  readonly isOpen?: boolean;
}

/** What routes are about, in the order of the document. */
export const routeTags = {
  campaigns: "What a campaign would be and take, before it is one.",
  jobs: "Campaigns in the queue: submit, watch, steer.",
  events: "What happens, as it happens.",
  results: "What a campaign has found.",
  privacy: "People's data: who is left out, what is held, and erasing it.",
  operation: "Whether the server is well, and these documents.",
} as const;
/** See {@link routeTags}. */
export type RouteTag = keyof typeof routeTags;

/** Tells the document of a route. Costs a request nothing but a call. */
export function describe(route: RouteDescription): MiddlewareHandler {
  return describeRoute(specOf(route));
}

function specOf(route: RouteDescription): DescribeRouteOptions {
  const { id, tag, summary, description, path = {}, headers = {}, query, body, isOpen = false } = route;
  const everywhere: readonly RefusalStatus[] = isOpen
    ? [400, 403, 414, 421, 500]
    : [400, 401, 403, 414, 421, 429, 500, 503];
  const refused = [...new Set([...route.refusals, ...everywhere])].toSorted((one, other) => one - other);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [
      ...Object.entries(path).map(([name, text]) => ({
        in: "path" as const,
        name,
        required: true,
        description: text,
        schema: { type: "string" as const },
      })),
      ...(query === undefined ? [] : queryParameters(query)),
      ...Object.entries(headers).map(([name, text]) => ({
        in: "header" as const,
        name,
        description: text,
        schema: { type: "string" as const },
      })),
    ],
    ...(body === undefined ? {} : { requestBody: bodySpec(body) }),
    responses: Object.fromEntries([
      ...Object.entries(route.answers).map(([status, answer]) => [status, answerSpec(answer)]),
      ...refused.map((status) => [String(status), refusalReference(status)]),
    ]),
    ...(route.tryQuery === undefined ? {} : { "x-try-query": route.tryQuery }),
    security: isOpen ? [] : [{ bearer: [] }, { apiKey: [] }],
  };
}

function bodySpec({
  schema,
  example,
  others = {},
}: BodyDescription): NonNullable<DescribeRouteOptions["requestBody"]> {
  return {
    required: true,
    content: {
      "application/json": { schema: resolver(schema, inputOptions), example },
      ...Object.fromEntries(
        Object.entries(others).map(([media, text]) => [
          media,
          { schema: { type: "string" as const }, example: text },
        ]),
      ),
    },
  };
}

/** What comes in is described as it is sent. */
const inputOptions = { options: { typeMode: "input", errorMode: "ignore" } };

function answerSpec({ description, schema, media, headers = {}, example }: AnswerDescription) {
  const json =
    schema === undefined
      ? {}
      : { "application/json": { schema: resolver(schema), ...(example === undefined ? {} : { example }) } };
  const texts = Object.fromEntries(
    Object.entries(media ?? {}).map(([type, about]) => [
      type,
      { schema: { type: "string" as const, description: about } },
    ]),
  );
  const content = { ...json, ...texts };
  return {
    description,
    ...(Object.keys(headers).length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [
              name,
              { description: text, schema: { type: "string" as const } },
            ]),
          ),
        }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}
