import {
  jobConfigSchema,
  jobDetailSchema,
  jobPageSchema,
  submissionSchema,
  submitRequestSchema,
} from "@cmo/contract";
import { Hono } from "hono";
import { jsonAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { examples } from "../document/examples.ts";
import { readQuery } from "../request/read-query.ts";
import { readSubmission } from "../request/read-submission.ts";
import { jobPath } from "./job-path.ts";
import { jobsQuery, noQuery, yamlQuery } from "./job-queries.ts";

/** Jobs: submit, list, get. */
export function jobRoutes({ limits }: ApiParts): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .post("/", describeSubmit, async (context) => {
      const request = await readSubmission(context, limits.bodyBytes);
      const idempotencyKey = context.req.header("idempotency-key");
      const submission = await context.get("service").submit(request, { idempotencyKey });
      return jsonAnswer(submission, 201, { Location: `/api/jobs/${submission.jobId}` });
    })
    .get("/", describeList, async (context) => {
      const query = readQuery(context, jobsQuery);
      return jsonAnswer(await context.get("service").jobs(query));
    })
    .get("/:id", describeRead, async (context) => {
      readQuery(context, noQuery);
      return jsonAnswer(await context.get("service").job(context.req.param("id")));
    })
    .get("/:id/config", describeConfig, async (context) => {
      readQuery(context, noQuery);
      return jsonAnswer(await context.get("service").config(context.req.param("id")));
    });
}

const describeSubmit = describe({
  id: "submitJob",
  tag: "jobs",
  summary: "Submit a campaign",
  description:
    "With `{ config }`, a resolved `{ spec }`, or the older `{ goal, metadata, config_path }`; or with the config's YAML itself as the body. When this answers, the job is in the queue.",
  query: yamlQuery,
  headers: {
    "Idempotency-Key":
      "A name for this request, 1 to 255 visible ASCII characters: the same one with the same request is the same job, for 24 hours.",
  },
  body: {
    schema: submitRequestSchema,
    example: { config: examples.config },
    others: { "application/yaml": examples.yaml },
  },
  answers: {
    201: {
      description: "The job, also when this idempotency key has made it before.",
      schema: submissionSchema,
      example: examples.submission,
      headers: { Location: "The job's address." },
    },
  },
  refusals: [409, 413, 415, 422],
});

const describeList = describe({
  id: "listJobs",
  tag: "jobs",
  summary: "List jobs, the newest first",
  query: jobsQuery,
  answers: { 200: { description: "A page of them.", schema: jobPageSchema } },
  refusals: [],
});

const describeRead = describe({
  id: "readJob",
  tag: "jobs",
  summary: "A job with its progress",
  path: jobPath,
  query: noQuery,
  answers: { 200: { description: "The job.", schema: jobDetailSchema } },
  refusals: [404],
});

const describeConfig = describe({
  id: "readConfig",
  tag: "jobs",
  summary: "The config that a job was made from",
  path: jobPath,
  query: noQuery,
  answers: { 200: { description: "The config as it was written.", schema: jobConfigSchema } },
  refusals: [404],
});
