import type { Calendar, RecurringTime, RecurringTimeProblem } from "../port/calendar.ts";
import type { Problem } from "../result/problem.ts";
import type { CampaignRule } from "./campaign-rule.ts";

/** A schedule that is written in no time zone is read in this one. */
export const defaultTimeZone = "UTC";

/** Where a schedule is written, key by key. */
type SchedulePlace = Readonly<Record<keyof RecurringTime, readonly string[]>>;

/** The rule that a config's schedule comes, and not too often. */
export function scheduleIsKept(calendar: Calendar): CampaignRule {
  return ({ schedule, source }) => {
    if (schedule === undefined || schedule === null) return [];
    const type = typeof source === "object" ? source.type : source;
    if (typeof schedule === "string") {
      const time = { cron: schedule, timeZone: defaultTimeZone };
      return scheduleProblems(calendar, time, type, { cron: ["schedule"], timeZone: ["schedule"] });
    }
    const time = { cron: schedule.cron, timeZone: schedule.time_zone ?? defaultTimeZone };
    return scheduleProblems(calendar, time, type, {
      cron: ["schedule", "cron"],
      timeZone: ["schedule", "time_zone"],
    });
  };
}

/** What is wrong with a schedule: it cannot be read, never comes, or comes too often for the source (GitHub by default). */
export function scheduleProblems(
  calendar: Calendar,
  time: RecurringTime,
  sourceType: string = "github",
  place: SchedulePlace = { cron: ["schedule", "cron"], timeZone: ["schedule", "timeZone"] },
): Problem[] {
  const unread = calendar.problemsOf(time);
  const found = unread.length > 0 ? unread : timingProblems(calendar, time.cron, sourceType);
  return found.map(({ key, ...told }) => ({ path: place[key], ...told }));
}

/** The shortest time between two runs against GitHub, whose quota is per hour: a campaign uses some hundred points of it. */
const shortestGapMs = 5 * 60_000;

/** Looked at by a clock that never changes, from one instant: what is right today is right tomorrow. */
function timingProblems(calendar: Calendar, cron: string, sourceType: string): RecurringTimeProblem[] {
  const time = { cron, timeZone: "UTC" };
  const found = JSON.stringify(cron);
  let last = calendar.nextTime(time, looksFrom);
  if (last === null) {
    return [{ key: "cron", message: `must name a time that comes, found ${found}: there is no such day` }];
  }
  if (sourceType !== "github") return [];
  const end = last + looksForMs;
  // With gaps that are long enough, so many times are a whole day and the beginning of the next.
  for (let count = 0; count < 300 && last < end; count += 1) {
    const next = calendar.nextTime(time, last);
    if (next === null) break;
    if (next - last < shortestGapMs) {
      const message = `must leave 5 minutes or more between two runs against GitHub, found ${found}`;
      return [{ key: "cron", message, suggestion: "*/5 * * * *" }];
    }
    last = next;
  }
  return [];
}

/** The beginning of 2030. */
const looksFrom = 1_893_456_000_000;
/** A little more than a year. */
const looksForMs = 400 * 86_400_000;
