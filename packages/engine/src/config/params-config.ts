import * as v from "valibot";
import { languageName, wholeNumber } from "./leaf-schema.ts";
import { writtenStarsRange } from "./stars-range.ts";

/** The days of an activity window. */
export const activityDays = wholeNumber(1, 3_650);
const budget = "a number of 0 or more";

/** `params`: what a run changes most often. Wins over `default_icp`. */
export const paramsConfigSchema = v.strictObject(
  {
    language: v.optional(
      languageName(
        "the name of one language as GitHub writes it, such as Go or C++ (several go in default_icp.languages)",
      ),
    ),
    stars_range: v.optional(writtenStarsRange()),
    activity_days: v.optional(activityDays),
    target_leads: v.optional(wholeNumber(1, 100_000)),
    budget_per_day: v.optional(v.nullable(v.pipe(v.number(budget), v.finite(budget), v.minValue(0, budget)))),
  },
  "a mapping of params",
);
