import * as v from "valibot";
import { trueOrFalse, wholeNumber } from "./leaf-schema.ts";

// One constant each: a bundler keeps what reads a property of an object while a module loads.
/** Bound of `limits.max_requests` and of `limits.max_points`. */
export const requestLimit = wholeNumber(1, 1_000_000);
/** Bound of `limits.max_repos`. */
export const repositoryLimit = wholeNumber(1, 100_000);
/** Bound of `limits.people_per_repo` and of `limits.commits_per_repo`: the most that one page of an answer holds. */
export const perRepositoryLimit = wholeNumber(1, 100);
/** Bound of `limits.timeout_minutes`: a week. */
export const minuteLimit = wholeNumber(1, 10_080);

/** `limits`: where a campaign stops. Null is no limit. */
export const limitsConfigSchema = v.strictObject(
  {
    max_requests: v.optional(v.nullable(requestLimit)),
    max_points: v.optional(v.nullable(requestLimit)),
    max_repos: v.optional(repositoryLimit),
    people_per_repo: v.optional(perRepositoryLimit),
    commits_per_repo: v.optional(perRepositoryLimit),
    deep_history: v.optional(trueOrFalse()),
    timeout_minutes: v.optional(v.nullable(minuteLimit)),
  },
  "a mapping of limits",
);
