import {
  type CampaignService,
  campaignEstimateSchema,
  configSchemaSchema,
  type JobView,
  jobConfigSchema,
  jobDetailSchema,
  jobPageSchema,
  jobViewSchema,
  runSummarySchema,
  submissionSchema,
  validationSchema,
} from "@cmo/contract";
import type { Random } from "@cmo/engine";
import type { ApiCalls } from "../http/api-calls.ts";
import { apiPath } from "../http/api-path.ts";
import { eraseJobs } from "./erase-jobs.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";

type JobMethods = Pick<
  CampaignService,
  | "submit"
  | "configSchema"
  | "validate"
  | "estimate"
  | "jobs"
  | "job"
  | "config"
  | "summary"
  | Control
  | "fork"
  | "eraseJobs"
>;
type Control = "pause" | "resume" | "cancel" | "retry";

/** What concerns jobs themselves. */
export function jobMethods(calls: ApiCalls, random: Random): JobMethods {
  const { get, repeat, once } = calls;
  // A second pause of a job that is paused is a conflict, and a second retry or fork another job: neither is made again.
  const control = async (jobId: string, verb: Control): Promise<JobView> =>
    once(apiPath(["jobs", jobId, verb]), jobViewSchema, { method: "POST" });
  return {
    submit: async (body, { idempotencyKey } = {}) => {
      const headers = { "idempotency-key": idempotencyKeyOf(idempotencyKey, random) };
      return repeat(apiPath(["jobs"]), submissionSchema, { method: "POST", body, headers });
    },
    configSchema: async () => get(apiPath(["config-schema"]), configSchemaSchema),
    validate: async (body) => repeat(apiPath(["validate"]), validationSchema, { method: "POST", body }),
    estimate: async (body) => repeat(apiPath(["estimate"]), campaignEstimateSchema, { method: "POST", body }),
    jobs: async ({ status, scheduled, after, limit } = {}) =>
      get(apiPath(["jobs"], { status, scheduled, after, limit }), jobPageSchema),
    job: async (jobId) => get(apiPath(["jobs", jobId]), jobDetailSchema),
    config: async (jobId) => get(apiPath(["jobs", jobId, "config"]), jobConfigSchema),
    summary: async (jobId) => get(apiPath(["jobs", jobId, "summary"]), runSummarySchema),
    pause: (jobId) => control(jobId, "pause"),
    resume: (jobId) => control(jobId, "resume"),
    cancel: (jobId) => control(jobId, "cancel"),
    retry: (jobId) => control(jobId, "retry"),
    fork: async (jobId, body = {}) =>
      once(apiPath(["jobs", jobId, "fork"]), jobViewSchema, { method: "POST", body }),
    eraseJobs: (selection, options) => eraseJobs(calls, selection, options),
  };
}
