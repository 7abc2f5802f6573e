import * as v from "valibot";
import { icpConfigSchema } from "./icp-config.ts";
import { calendarDay, lineOfText, plainText, trueOrFalse, wholeNumber } from "./leaf-schema.ts";
import { limitsConfigSchema } from "./limits-config.ts";
import { paramsConfigSchema } from "./params-config.ts";
import { retriesConfigSchema } from "./retries-config.ts";
import { scheduleConfigSchema } from "./schedule-config.ts";
import { scoringConfigSchema } from "./scoring-config.ts";
import { sourceConfigSchema } from "./source-config.ts";
import { suppressConfigSchema } from "./suppress-config.ts";

/** The version of the config's form that this engine reads. */
export const campaignConfigVersion = "1";

/**
 * The campaign config as people write it, every key optional. {@link parseCampaign} is the way to read one: it adds
 * nearest names, bounds and warnings to what the schema says.
 */
export const campaignConfigSchema = v.strictObject(
  {
    version: v.optional(v.picklist([1, "1", "1.0"], "1, the one version there is")),
    name: v.optional(lineOfText(100)),
    params: v.optional(paramsConfigSchema),
    pushed_since: v.optional(v.nullable(calendarDay())),
    only_new: v.optional(trueOrFalse()),
    goal_template: v.optional(plainText(2_000)),
    default_icp: v.optional(icpConfigSchema),
    source: v.optional(sourceConfigSchema),
    limits: v.optional(limitsConfigSchema),
    retries: v.optional(retriesConfigSchema),
    scoring: v.optional(scoringConfigSchema),
    features: v.optional(v.strictObject({ dry_run: v.optional(trueOrFalse()) }, "a mapping with dry_run")),
    suppress: v.optional(suppressConfigSchema),
    purpose: v.optional(v.nullable(plainText(500))),
    basis: v.optional(v.nullable(plainText(500))),
    schedule: v.optional(v.nullable(scheduleConfigSchema)),
    retention: v.optional(v.strictObject({ days: v.optional(wholeNumber(1, 3_650)) }, "a mapping with days")),
  },
  "a mapping of keys, such as params, source and limits",
);

/**
 * A campaign config that was read: the keys as written, ranges of stars resolved, a name in any case. What was not
 * written is not there; `createJobSpec` adds the built-in values.
 */
export type CampaignConfig = v.InferOutput<typeof campaignConfigSchema> & { name: string };
