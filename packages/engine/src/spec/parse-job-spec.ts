import type * as v from "valibot";
import type { ParseCampaignOptions } from "../config/parse-campaign.ts";
import { readStrictly } from "../config/read-strictly.ts";
import { scheduleProblems } from "../config/schedule-rule.ts";
import type { Calendar } from "../port/calendar.ts";
import type { Problem } from "../result/problem.ts";
import type { Result } from "../result/result.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { type JobSpec, jobSpecSchema } from "./job-spec.ts";

/**
 * Reads a job spec from any value, under the same bounds and the same policy as a config: unknown keys, hosts and
 * secrets are problems. Never throws. The spec is frozen; what `createJobSpec` made reads back as itself.
 */
export function parseJobSpec(
  value: unknown,
  { calendar }: Pick<ParseCampaignOptions, "calendar"> = {},
): Result<JobSpec> {
  const read = readStrictly(jobSpecSchema, value, [
    windowIsOpen,
    mailFitsSource,
    ...(calendar === undefined ? [] : [scheduleIsKept(calendar)]),
  ]);
  return read.ok ? { ...read, value: deepFreeze(read.value) } : read;
}

function scheduleIsKept(calendar: Calendar) {
  return ({ schedule, source }: v.InferOutput<typeof jobSpecSchema>): Problem[] =>
    schedule === undefined ? [] : scheduleProblems(calendar, schedule, source.type);
}

function windowIsOpen({ asOf, pushedSince }: { asOf: string; pushedSince: string }): Problem[] {
  if (Date.parse(`${pushedSince}T00:00:00Z`) <= Date.parse(asOf)) return [];
  return [
    {
      path: ["pushedSince"],
      message: `must be a date up to asOf (${asOf}), found ${JSON.stringify(pushedSince)}`,
    },
  ];
}

function mailFitsSource({ source }: { source: { type: string; mail: string } }): Problem[] {
  if (source.type !== "github" || source.mail !== "simulator") return [];
  return [{ path: ["source", "mail"], message: 'must be dns or none with type: github, found "simulator"' }];
}
