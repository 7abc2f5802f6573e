import * as v from "valibot";
import { lineOfText } from "../config/leaf-schema.ts";

const instant = v.pipe(
  v.string("an ISO instant"),
  v.isoTimestamp("an ISO instant, such as 2030-01-31T12:00:00.000Z"),
);

/** The run that a campaign calls its last one. */
export const baselineSchema = v.strictObject(
  {
    jobId: lineOfText(100),
    /** When it was begun. */
    startedAt: instant,
    /** When it ended: whoever was exported by then is known. */
    endedAt: instant,
    /**
     * In place of its end, where the job was put in ahead of its time: that time. Who was exported in between by a run
     * beside it is known too.
     */
    until: v.optional(instant),
  },
  "a mapping with jobId, startedAt, endedAt and until",
);
/** See {@link baselineSchema}. */
export type Baseline = v.InferOutput<typeof baselineSchema>;
