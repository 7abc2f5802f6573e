import { personErasedSchema, personReportSchema } from "@cmo/contract";
import { Hono } from "hono";
import * as v from "valibot";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import { describe } from "../document/describe.ts";
import { yesOrNo } from "../request/query-value.ts";
import { readQuery } from "../request/read-query.ts";
import { noQuery } from "./job-queries.ts";

/** What is held about a person, and erasing it. */
export function peopleRoutes(): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/:login", describeRead, async (context) => {
      readQuery(context, noQuery);
      return jsonAnswer(await context.get("service").person(context.req.param("login")));
    })
    .delete("/:login", describeErase, async (context) => {
      const { suppress = true } = readQuery(context, eraseQuery);
      return jsonAnswer(await context.get("service").erasePerson(context.req.param("login"), { suppress }));
    });
}

const eraseQuery = v.strictObject({
  suppress: v.optional(
    v.pipe(yesOrNo(), v.description("Whether they go on the suppression list too. Default true.")),
  ),
});
const path = { login: "A login, or `id:NODE_ID`." } as const;

const describeRead = describe({
  id: "readPerson",
  tag: "privacy",
  summary: "Everything that is held about a person",
  path,
  query: noQuery,
  answers: {
    200: { description: "All of it, with where it came from.", schema: personReportSchema },
  },
  refusals: [404],
});

const describeErase = describe({
  id: "erasePerson",
  tag: "privacy",
  summary: "Erase a person",
  description:
    "From jobs, caches, checkpoints and known files; what keeps them suppressed is all that stays.",
  path,
  query: eraseQuery,
  answers: { 200: { description: "What it came to.", schema: personErasedSchema } },
  refusals: [404],
});
