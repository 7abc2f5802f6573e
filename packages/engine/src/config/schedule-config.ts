import * as v from "valibot";
import { lineOfText, oneOf } from "./leaf-schema.ts";

/** When the first run of a schedule is: at once, or at the schedule's next time. */
const firstRuns = ["now", "scheduled"] as const;

/** A cron expression, of which only the length is looked at here: a calendar reads it. */
export const cronText = lineOfText(200);
/** The name of a time zone, likewise. */
export const timeZoneName = lineOfText(100);

/** `schedule`: when a campaign runs again by itself; an expression alone is read in UTC. Null: never. */
export const scheduleConfigSchema = v.union(
  [
    cronText,
    v.strictObject(
      { cron: cronText, time_zone: v.optional(timeZoneName), first_run: v.optional(oneOf(firstRuns)) },
      "a mapping with cron and time_zone",
    ),
  ],
  "a cron expression in quotes, or a mapping with cron and time_zone",
);
