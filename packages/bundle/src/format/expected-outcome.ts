import * as v from "valibot";

/** What a replay is compared with: `expected.json`. */
export const expectedOutcomeSchema = v.object({
  /** The canonical log, a line of canonical JSON per event. The digests of the files are in it. */
  log: v.array(v.pipe(v.string(), v.check(isLogLine, "an event of a canonical log"))),
  /** The comparable part of the summary. */
  summary: v.unknown(),
});

/** See {@link expectedOutcomeSchema}. */
export type ExpectedOutcome = v.InferOutput<typeof expectedOutcomeSchema>;

const lineSchema = v.object({ type: v.string(), data: v.record(v.string(), v.unknown()) });

function isLogLine(text: string): boolean {
  try {
    return v.is(lineSchema, JSON.parse(text));
  } catch {
    return false;
  }
}
