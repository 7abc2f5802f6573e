import * as v from "valibot";

/** A stored answer: a line of `recording.ndjson`. */
export const recordedAnswerSchema = v.object({
  kind: v.string(),
  item: v.string(),
  /** The digest of what was asked of the item. */
  input: v.string(),
  /** When the source gave it, in milliseconds since the epoch. */
  fetchedAt: v.number(),
  /** Which of the manifest's `recording.jobs` it is of, from 0. */
  job: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** JSON. */
  value: v.unknown(),
});

/** See {@link recordedAnswerSchema}. */
export type RecordedAnswer = v.InferOutput<typeof recordedAnswerSchema>;
