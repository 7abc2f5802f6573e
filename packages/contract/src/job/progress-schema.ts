import type { Progress } from "@cmo/engine";
import * as v from "valibot";
import { jobStatusSchema } from "./job-status-schema.ts";

/** The progress of a job: the fold of its log. */
export const progressSchema = v.pipe(
  v.object({
    status: jobStatusSchema,
    stage: v.nullable(v.string()),
    step: v.number(),
    totalSteps: v.nullable(v.number()),
    currentItem: v.nullable(v.string()),
    stages: v.array(
      v.object({
        id: v.string(),
        state: v.picklist(["pending", "active", "done"]),
        itemsProcessed: v.number(),
        itemsTotal: v.nullable(v.number()),
      }),
    ),
    metrics: v.record(v.string(), v.number()),
    warnings: v.array(v.string()),
    errors: v.array(v.string()),
    percent: v.number(),
  }),
  v.metadata({ ref: "Progress" }),
);

// The compiler tells when the engine's progress and this schema part ways.
const _same: v.GenericSchema<unknown, Progress> = progressSchema;
