import * as v from "valibot";
import { trueOrFalse, wholeNumber } from "./leaf-schema.ts";

/** What each limit may be. */
export const limitBounds = {
  maxRequests: wholeNumber(1, 1_000_000),
  maxPoints: wholeNumber(1, 1_000_000),
  maxRepos: wholeNumber(1, 100_000),
  peoplePerRepo: wholeNumber(1, 100),
  commitsPerRepo: wholeNumber(1, 100),
  timeoutMinutes: wholeNumber(1, 10_080),
};

/** `limits`: where a campaign stops. Null is no limit. */
export const limitsConfigSchema = v.strictObject(
  {
    max_requests: v.optional(v.nullable(limitBounds.maxRequests)),
    max_points: v.optional(v.nullable(limitBounds.maxPoints)),
    max_repos: v.optional(limitBounds.maxRepos),
    people_per_repo: v.optional(limitBounds.peoplePerRepo),
    commits_per_repo: v.optional(limitBounds.commitsPerRepo),
    deep_history: v.optional(trueOrFalse()),
    timeout_minutes: v.optional(v.nullable(limitBounds.timeoutMinutes)),
  },
  "a mapping of limits",
);
