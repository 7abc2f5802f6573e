import { type RunEstimate, type RunView, timeLeftText } from "@cmo/view";
import { clockText, timeOfDay } from "./clock-text.ts";
import { countText } from "./count-text.ts";

/** What the line is made of beside the run. */
export interface StatusLineOptions {
  readonly width: number;
  readonly notice: string | null;
  /** When the run will start, in milliseconds since the epoch; null for at once. */
  readonly startsAt?: number | null;
  /** When it ends; null where that is not to be told. */
  readonly estimate?: RunEstimate | null;
}

/**
 * The line below the stages: time, share done, time left, quota, and what is being waited for. Where it does not fit,
 * quota, time left and time are told in fewer words, and the quota in the end not at all.
 */
export function statusLine(view: RunView, now: number, options: StatusLineOptions): string {
  const { width, notice, startsAt = null, estimate = null } = options;
  const elapsed = view.startedAt === null ? null : clockText(now - view.startedAt);
  const parts = (time: string[]) => [
    ...(notice === null ? [] : [notice]),
    ...scheduleText(view, now, startsAt),
    ...waitingText(view, now),
    ...time,
    `${view.progress.percent}%`,
  ];
  const told = parts(elapsed === null ? [] : [`${elapsed} elapsed`]);
  const left = timeLeftText(estimate) ?? [];
  const briefLeft = timeLeftText(estimate, { brief: true }) ?? [];
  const lines = [
    [...told, left, quotaText(view)],
    [...told, left, briefQuotaText(view)],
    [...told, briefLeft, briefQuotaText(view)],
    [...told, briefLeft],
    [...parts(elapsed === null ? [] : [elapsed]), briefLeft],
  ].map((line) => line.flat().join(" · "));
  return lines.find((line) => line.length <= width) ?? lines.at(-1) ?? "";
}

function scheduleText({ startedAt }: RunView, now: number, startsAt: number | null): string[] {
  if (startedAt !== null || startsAt === null || startsAt <= now) return [];
  return [`starts at ${timeOfDay(startsAt, now)}, in ${clockText(startsAt - now)}`];
}

function waitingText({ waiting, retryAt, attempt }: RunView, now: number): string[] {
  if (retryAt !== null && retryAt > now) return [`attempt ${attempt + 1} at ${timeOfDay(retryAt, now)}`];
  if (waiting !== null && waiting.until > now) {
    return [`waiting until ${timeOfDay(waiting.until, now)} (${waiting.reason})`];
  }
  return attempt > 1 ? [`attempt ${attempt}`] : [];
}

function quotaText({ quota }: RunView): string[] {
  return quota === null ? [] : [`quota ${countText(quota.remaining)} of ${countText(quota.limit)} left`];
}

function briefQuotaText({ quota }: RunView): string[] {
  return quota === null ? [] : [`quota ${countText(quota.remaining)}`];
}
