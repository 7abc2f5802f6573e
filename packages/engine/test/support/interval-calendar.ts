import type { Calendar } from "../../src/port/calendar.ts";

/** A calendar whose expressions are numbers of minutes: every time that divides by them. `last` is its last time. */
export function intervalCalendar({ last = Number.POSITIVE_INFINITY } = {}): Calendar {
  return {
    problemsOf({ cron, timeZone }) {
      return [
        ...(/^\d+$/.test(cron) ? [] : [{ key: "cron" as const, message: "must be a number of minutes" }]),
        ...(timeZone === "UTC" ? [] : [{ key: "timeZone" as const, message: "must be UTC" }]),
      ];
    },
    nextTime({ cron }, after) {
      const everyMs = Number(cron) * 60_000;
      if (!(everyMs > 0)) return null;
      const next = (Math.floor(after / everyMs) + 1) * everyMs;
      return next > last ? null : next;
    },
  };
}
