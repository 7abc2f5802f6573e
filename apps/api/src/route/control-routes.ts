import { type ForkRequest, forkRequestSchema, jobViewSchema } from "@cmo/contract";
import { Hono } from "hono";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { type BodySchema, readJson } from "../request/read-json.ts";
import { readQuery } from "../request/read-query.ts";
import { jobPath } from "./job-path.ts";
import { noQuery } from "./job-queries.ts";

/** What can be asked for of a job. It is acknowledged, and done by whichever process holds the job. */
export function controlRoutes({ limits }: Pick<ApiParts, "limits">): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  for (const { verb, ...told } of controls) {
    app.post(`/:id/${verb}`, describeControl(verb, told), async (context) => {
      readQuery(context, noQuery);
      return jsonAnswer(await context.get("service")[verb](context.req.param("id")), 202);
    });
  }
  return app
    .post("/:id/retry", describeRetry, async (context) => {
      readQuery(context, noQuery);
      const job = await context.get("service").retry(context.req.param("id"));
      return jsonAnswer(job, 201, { Location: `/api/jobs/${job.id}` });
    })
    .post("/:id/fork", describeFork, async (context) => {
      readQuery(context, noQuery);
      const service = context.get("service");
      const id = context.req.param("id");
      // A job that is not there is not there, whatever is sent to it.
      await service.job(id);
      const job = await service.fork(id, await readJson(context, forkBody, limits.bodyBytes));
      return jsonAnswer(job, 201, { Location: `/api/jobs/${job.id}` });
    });
}

const forkBody: BodySchema<ForkRequest> = forkRequestSchema;

const controls = [
  { verb: "pause", summary: "Pause a job", description: "One that waits for its time holds its schedule." },
  {
    verb: "resume",
    summary: "Let a paused job go on",
    description: "One that waited for its time does so again.",
  },
  {
    verb: "cancel",
    summary: "Cancel a job; what it has found so far is kept",
    description:
      "Of a campaign with a schedule: one that waits for its time ends the schedule; one that has begun ends alone, and `schedule.nextJobId` of the answer is the run to cancel next, once it is there.",
  },
] as const;

function describeControl(verb: string, told: { readonly summary: string; readonly description: string }) {
  return describe({
    id: `${verb}Job`,
    tag: "jobs",
    ...told,
    path: jobPath,
    query: noQuery,
    answers: {
      202: { description: "The job; its `state` says what is under way.", schema: jobViewSchema },
    },
    refusals: [404, 409],
  });
}

const describeRetry = describe({
  id: "retryJob",
  tag: "jobs",
  summary: "Run a job again that failed or was cancelled",
  description:
    "As a new job, which asks nothing again that the old one was answered. It runs once, also where the old one was a run of a schedule.",
  path: jobPath,
  query: noQuery,
  answers: {
    201: {
      description: "The new job.",
      schema: jobViewSchema,
      headers: { Location: "The new job's address." },
    },
  },
  refusals: [404, 409],
});

const describeFork = describe({
  id: "forkJob",
  tag: "jobs",
  summary: "Run a job's campaign with other values, from what it was told",
  description:
    "As a new job that looks from the same day. It asks the source nothing unless `allowRequests` is true: other scoring, a smaller target or more people to leave out need no new answer; a key that does is refused by its name.",
  path: jobPath,
  query: noQuery,
  body: {
    schema: forkRequestSchema,
    example: { set: ["scoring.weights.fit.stars=20", "scoring.version=2"] },
  },
  answers: {
    201: {
      description: "The new job; its `parentJobId` is the job.",
      schema: jobViewSchema,
      headers: { Location: "The new job's address." },
    },
  },
  refusals: [404, 409, 413, 415, 422],
});
