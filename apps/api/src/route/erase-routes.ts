import { type JobSelection, jobsErasedSchema } from "@cmo/contract";
import { Hono } from "hono";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import { describe } from "../document/describe.ts";
import { examples } from "../document/examples.ts";
import { readQuery } from "../request/read-query.ts";
import { RequestRefused } from "../request/request-refused.ts";
import { jobPath } from "./job-path.ts";
import { dryRunQuery, eraseQuery } from "./job-queries.ts";

/** Erasing jobs, with everything that is of them. */
export function eraseRoutes(): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .delete("/", describeEraseMany, async (context) => {
      const { before, all, dryRun = false } = readQuery(context, eraseQuery);
      const selection = selectionOf(before, all ?? false);
      return jsonAnswer(await context.get("service").eraseJobs(selection, { dryRun }), 202);
    })
    .delete("/:id", describeErase, async (context) => {
      const { dryRun = false } = readQuery(context, dryRunQuery);
      const selection = { jobIds: [context.req.param("id")] };
      return jsonAnswer(await context.get("service").eraseJobs(selection, { dryRun }), 202);
    });
}

/** Erasing everything must be said, and not be what is left when nothing is. */
function selectionOf(before: string | undefined, all: boolean): JobSelection {
  if (before !== undefined && !all) return { before };
  if (before === undefined && all) return { all };
  throw new RequestRefused("usage", "It is not clear which jobs are meant.", {
    hint: "Say either before=TIME or all=true.",
    problems: [{ path: ["before"], message: "is to be given, or all=true, and not both" }],
  });
}

const erased = {
  202: { description: "What was erased, or would be.", schema: jobsErasedSchema, example: examples.erased },
} as const;

const describeEraseMany = describe({
  id: "eraseJobs",
  tag: "privacy",
  summary: "Erase many jobs",
  description: "With either `before` or `all=true`. Those that a worker holds are left, and listed.",
  query: eraseQuery,
  tryQuery: "?all=true&dryRun=true",
  answers: erased,
  refusals: [409],
});

const describeErase = describe({
  id: "eraseJob",
  tag: "privacy",
  summary: "Erase a job",
  description: "One that is alive is cancelled first.",
  path: jobPath,
  query: dryRunQuery,
  answers: erased,
  refusals: [404, 409],
});
