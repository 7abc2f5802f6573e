import * as v from "valibot";
import { languageName, listOf, topicName } from "./leaf-schema.ts";
import { activityDays } from "./params-config.ts";
import { writtenStarsRange } from "./stars-range.ts";

/** `default_icp`: which repositories a campaign is after, where `params` does not say it. */
export const icpConfigSchema = v.strictObject(
  {
    languages: v.optional(listOf(languageName(), 20, "languages")),
    topics: v.optional(listOf(topicName(), 20, "topics")),
    exclude_topics: v.optional(listOf(topicName(), 100, "topics")),
    stars_range: v.optional(writtenStarsRange()),
    activity_days: v.optional(activityDays),
  },
  "a mapping with languages, topics, exclude_topics, stars_range and activity_days",
);
