import * as v from "valibot";

/** What a replay is compared with: `expected.json`. */
export const expectedOutcomeSchema = v.object({
  /** The canonical log, a line of canonical JSON per event. The digests of the files are in it. */
  log: v.array(v.string()),
  /** The comparable part of the summary. */
  summary: v.unknown(),
});

/** See {@link expectedOutcomeSchema}. */
export type ExpectedOutcome = v.InferOutput<typeof expectedOutcomeSchema>;
