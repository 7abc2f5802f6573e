import * as v from "valibot";
import { instantSchema } from "../text/instant.ts";

const seq = v.pipe(v.number(), v.integer(), v.minValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** How a file of leads stands to what the log says of it. */
export const storedFileVerdicts = ["as_logged", "reduced", "changed"] as const;

const storedFileSchema = v.object({
  kind: v.pipe(v.string(), v.description("As `artifact.created` has it: `leads_json`, `leads_csv`.")),
  name: v.string(),
  verdict: v.pipe(
    v.picklist(storedFileVerdicts),
    v.description(
      "`reduced`: there are not more rows than the log says, and people were erased or suppressed since. That the rows that are left are as they were cannot be told then.",
    ),
  ),
  loggedRows: count,
  rows: v.pipe(count, v.description("How many there are now, without those who are suppressed.")),
  loggedDigest: v.string(),
  digest: v.pipe(
    v.string(),
    v.description("SHA-256 of the file as it would be written now, with blank times of asking."),
  ),
});
/** What was found of a file that the store's leads make. */
export type StoredFile = v.InferOutput<typeof storedFileSchema>;

/** What was found when a job was checked against what was written. */
export const jobVerificationSchema = v.object({
  jobId: v.string(),
  ok: v.pipe(v.boolean(), v.description("Whether nothing was changed. What is not covered is no change.")),
  log: v.object({
    events: count,
    canonical: v.pipe(count, v.description("How many of them are canonical.")),
    covered: v.pipe(count, v.description("How many canonical ones stand in the log's chain.")),
    uncovered: v.pipe(
      v.array(v.object({ first: seq, last: seq, count })),
      v.description("Canonical events that a version of cmo has written that knew of no chain."),
    ),
    problem: v.pipe(
      v.nullable(v.object({ first: seq, last: seq, message: v.string() })),
      v.description(
        "The first thing that is not as it was written: at one of the events from `first` to `last`.",
      ),
    ),
  }),
  spec: v.pipe(
    v.nullable(v.picklist(["as_logged", "changed"])),
    v.description("Whether the spec is the one of the log; null where another version of cmo has logged it."),
  ),
  files: v.pipe(
    v.array(storedFileSchema),
    v.description(
      "The lead files that the log tells of, as the store's leads make them now. None before the end.",
    ),
  ),
  erasedAt: v.pipe(
    v.nullable(instantSchema),
    v.description(
      "When people were last erased from the store since the run, where that explains a file. The ledger says that, never whom.",
    ),
  ),
});
/** See {@link jobVerificationSchema}. */
export type JobVerification = v.InferOutput<typeof jobVerificationSchema>;
