import type { RunView } from "@cmo/view";
import { clockText, timeOfDay } from "./clock-text.ts";
import { countText } from "./count-text.ts";

/** The line below the stages: time, share done, quota, and what is being waited for. */
export function statusLine(
  view: RunView,
  now: number,
  options: { width: number; notice: string | null; startsAt?: number | null },
): string {
  const parts = [
    ...(options.notice === null ? [] : [options.notice]),
    ...scheduleText(view, now, options.startsAt ?? null),
    ...waitingText(view, now),
    ...(view.startedAt === null ? [] : [`${clockText(now - view.startedAt)} elapsed`]),
    `${view.progress.percent}%`,
    ...quotaText(view, options.width),
  ];
  return parts.join(" · ");
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

function quotaText({ quota }: RunView, width: number): string[] {
  if (quota === null) return [];
  const remaining = countText(quota.remaining);
  return [width < 70 ? `quota ${remaining}` : `quota ${remaining} of ${countText(quota.limit)} left`];
}
