import * as v from "valibot";
import { fieldProblemSchema } from "../problem/problem-document.ts";
import { instantSchema } from "../text/instant.ts";

/** What a submit answers. It holds nothing that changes, so that the same request under the same key gets the same. */
export const submissionSchema = v.pipe(
  v.object({
    jobId: v.string(),
    name: v.string(),
    goal: v.string(),
    targetLeads: v.number(),
    priority: v.number(),
    notBefore: v.nullable(instantSchema),
    createdAt: instantSchema,
    warnings: v.pipe(
      v.array(fieldProblemSchema),
      v.description("What was accepted and has no effect, or is likely not meant."),
    ),
  }),
  v.metadata({ ref: "Submission" }),
);
/** See {@link submissionSchema}. */
export type Submission = v.InferOutput<typeof submissionSchema>;

/** Whether a config is right, and what it comes to. */
export const validationSchema = v.object({
  valid: v.boolean(),
  problems: v.array(fieldProblemSchema),
  warnings: v.array(fieldProblemSchema),
  campaign: v.nullable(
    v.object({
      name: v.string(),
      goal: v.string(),
      targetLeads: v.number(),
      pushedSince: v.string(),
      source: v.string(),
      onlyNew: v.exactOptional(
        v.pipe(
          v.object({
            baseline: v.nullable(
              v.object({ jobId: v.string(), startedAt: instantSchema, endedAt: instantSchema }),
            ),
          }),
          v.description(
            "In a campaign that exports only who is new: the run from which it would count; null when there is none.",
          ),
        ),
      ),
      schedule: v.nullable(
        v.object({
          cron: v.string(),
          timeZone: v.string(),
          next: v.pipe(v.array(instantSchema), v.description("The next times of it.")),
        }),
      ),
    }),
  ),
});
/** See {@link validationSchema}. */
export type Validation = v.InferOutput<typeof validationSchema>;

/** The JSON Schema (draft 7) of a campaign's config. */
export const configSchemaSchema = v.record(v.string(), v.unknown());
/** See {@link configSchemaSchema}. */
export type ConfigSchema = v.InferOutput<typeof configSchemaSchema>;

const rangeSchema = v.object({ low: v.number(), high: v.number() });

/** What a campaign will take, before anything is asked. */
export const campaignEstimateSchema = v.object({
  goal: v.string(),
  targetLeads: v.number(),
  estimate: v.nullable(
    v.object({
      requests: rangeSchema,
      points: rangeSchema,
      durationMs: rangeSchema,
      assumptions: v.array(v.string()),
    }),
  ),
  spec: v.pipe(
    v.record(v.string(), v.unknown()),
    v.description("The resolved campaign; it can be submitted as it is."),
  ),
  warnings: v.array(fieldProblemSchema),
});
/** See {@link campaignEstimateSchema}. */
export type CampaignEstimate = v.InferOutput<typeof campaignEstimateSchema>;
