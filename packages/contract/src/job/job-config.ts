import * as v from "valibot";

/** The config that a job was made from. */
export const jobConfigSchema = v.object({
  jobId: v.string(),
  config: v.pipe(
    v.nullable(v.string()),
    v.description(
      "As it was written, with what was set over it as comments at its end, without the suppression list, addresses and tokens; null for a job that was made from a spec or by a fork, and for one of a version that kept none.",
    ),
  ),
});
/** See {@link jobConfigSchema}. */
export type JobConfig = v.InferOutput<typeof jobConfigSchema>;
