import { instantSchema, jobStatuses } from "@cmo/contract";
import * as v from "valibot";
import { shortText, textList, wholeNumber, wordList, yesOrNo } from "../request/query-value.ts";

/** Which page of the jobs is wanted. */
export const jobsQuery = v.strictObject({
  status: v.optional(v.pipe(wordList(jobStatuses), v.description("Only jobs of these statuses."))),
  scheduled: v.optional(
    v.pipe(yesOrNo(), v.description("Only runs of campaigns that run again by themselves. Default false.")),
  ),
  after: v.optional(v.pipe(shortText(200), v.description("The `next` of the page before."))),
  limit: v.optional(v.pipe(wholeNumber(1, 1_000), v.description("At most so many. Default 50."))),
});

/** Which jobs are to be erased. */
export const eraseQuery = v.strictObject({
  before: v.optional(
    v.pipe(
      instantSchema,
      v.description("Those that ended before it, or were created before it and have not ended."),
    ),
  ),
  all: v.optional(v.pipe(yesOrNo(), v.description("All of them."))),
  dryRun: v.optional(v.pipe(yesOrNo(), v.description("Only say what would be erased. Default false."))),
});

/** Whether one job is erased, or it is only said what would be. */
export const dryRunQuery = v.strictObject({
  dryRun: v.optional(v.pipe(yesOrNo(), v.description("Only say what would be erased. Default false."))),
});

const setEntries = {
  set: v.optional(
    v.pipe(
      textList(4_000),
      v.description("With a YAML body: a value set over the config, `language=Go`; once for each."),
    ),
  ),
};

/** What stands beside a config that is the body itself. */
export const setQuery = v.strictObject(setEntries);

/** What stands beside a config that is the body itself, when it is submitted. */
export const yamlQuery = v.strictObject({
  ...setEntries,
  priority: v.optional(
    v.pipe(wholeNumber(-1_000, 1_000), v.description("With a YAML body. Greater is taken first.")),
  ),
  notBefore: v.optional(
    v.pipe(instantSchema, v.description("With a YAML body. Not started before this time.")),
  ),
});

/** For routes that take no query. */
export const noQuery = v.strictObject({});
