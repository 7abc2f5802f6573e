import { CmoError } from "../error/cmo-error.ts";
import type { JobSpec } from "./job-spec.ts";

/** The part of a spec that says when people were active. */
export interface ActivityWindow {
  readonly asOf: string;
  readonly pushedSince: string;
  readonly activityDays: number;
}

/** How a window is said: in days back from its end, or as its first day (`YYYY-MM-DD`). */
export type WindowLength = { readonly days: number } | { readonly since: string };

/** The window that ends now. @throws CmoError `config_invalid` when it begins after that. */
export function activityWindow(length: WindowLength, now: Date): ActivityWindow {
  const asOf = now.toISOString();
  if ("days" in length) {
    const { days } = length;
    return { asOf, pushedSince: dayOf(now.getTime() - days * dayMs), activityDays: days };
  }
  const { since } = length;
  const passedMs = now.getTime() - Date.parse(`${since}T00:00:00Z`);
  if (passedMs < 0) {
    throw new CmoError("config_invalid", `pushed_since: ${since} is after ${asOf.slice(0, 10)}.`);
  }
  // The number of days follows the date, so that whoever reads either sees the same window. The last one counts from its
  // first instant, at which a daily run looks: so many days back is never the date itself, and it stays a date.
  const days = Math.floor(passedMs / dayMs) + 1;
  return { asOf, pushedSince: since, activityDays: Math.min(days, 3_650) };
}

/** How the window of a spec was said. */
export function windowLengthOf({ asOf, pushedSince, icp }: JobSpec): WindowLength {
  const days = icp.activityDays;
  return dayOf(Date.parse(asOf) - days * dayMs) === pushedSince ? { days } : { since: pushedSince };
}

const dayMs = 86_400_000;

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
