import { suppressionPageSchema, suppressionRequestSchema, suppressionStateSchema } from "@cmo/contract";
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { examples } from "../document/examples.ts";
import { shortText, wholeNumber } from "../request/query-value.ts";
import { readJson } from "../request/read-json.ts";
import { readQuery } from "../request/read-query.ts";
import { noQuery } from "./job-queries.ts";

/** Whom no campaign may find. Entries come in as what they are, and are kept as keyed hashes. */
export function suppressionRoutes({ limits }: ApiParts): Hono<ApiEnv> {
  const entriesOf = async (context: Context<ApiEnv>): Promise<readonly string[]> => {
    readQuery(context, noQuery);
    const { entries } = await readJson(context, suppressionRequestSchema, limits.bodyBytes);
    return entries;
  };
  return new Hono<ApiEnv>()
    .get("/", describeList, async (context) => {
      const { after, limit } = readQuery(context, listQuery);
      const page = { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) };
      return jsonAnswer(await context.get("service").suppressions(page));
    })
    .post("/", describeAdd, async (context) =>
      jsonAnswer(await context.get("service").addSuppressions(await entriesOf(context))),
    )
    .delete("/", describeRemove, async (context) =>
      jsonAnswer(await context.get("service").removeSuppressions(await entriesOf(context))),
    )
    .post("/check", describeCheck, async (context) =>
      jsonAnswer(await context.get("service").checkSuppressions(await entriesOf(context))),
    );
}

const listQuery = v.strictObject({
  after: v.optional(v.pipe(shortText(200), v.description("The `next` of the page before."))),
  limit: v.optional(v.pipe(wholeNumber(1, 1_000), v.description("At most so many. Default 100."))),
});

const state = {
  200: {
    description: "The entries in their order, with whether each is on the list now.",
    schema: suppressionStateSchema,
  },
} as const;
const body = { schema: suppressionRequestSchema, example: examples.suppressions } as const;

const describeList = describe({
  id: "listSuppressions",
  tag: "privacy",
  summary: "The suppression list, as keyed hashes",
  query: listQuery,
  answers: { 200: { description: "A page of it.", schema: suppressionPageSchema } },
  refusals: [],
});

const describeAdd = describe({
  id: "addSuppressions",
  tag: "privacy",
  summary: "Put people on the suppression list",
  description:
    "By login, `id:NODE_ID`, address, or `@domain`. It holds for all tenants, and for earlier jobs too.",
  query: noQuery,
  body,
  answers: state,
  refusals: [413, 415],
});

const describeRemove = describe({
  id: "removeSuppressions",
  tag: "privacy",
  summary: "Take people off the suppression list",
  query: noQuery,
  body,
  answers: state,
  refusals: [413, 415],
});

const describeCheck = describe({
  id: "checkSuppressions",
  tag: "privacy",
  summary: "Whether people are on the suppression list",
  query: noQuery,
  body,
  answers: state,
  refusals: [413, 415],
});
