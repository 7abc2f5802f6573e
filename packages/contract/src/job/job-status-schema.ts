import type { JobStatus } from "@cmo/engine";
import * as v from "valibot";

/** The statuses of a job. */
export const jobStatuses = [
  "queued",
  "running",
  "paused",
  "completed",
  "failed",
  "cancelled",
] as const satisfies readonly JobStatus[];

/** See {@link jobStatuses}. */
export const jobStatusSchema = v.picklist(jobStatuses);
