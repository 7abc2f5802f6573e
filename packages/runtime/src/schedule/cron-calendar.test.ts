import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cronCalendar } from "./cron-calendar.ts";

/** The next times after an instant, as instants. */
function timesOf(cron: string, timeZone: string, after: string, count: number): string[] {
  const times: string[] = [];
  for (let last = Date.parse(after); times.length < count; ) {
    const next = cronCalendar.nextTime({ cron, timeZone }, last);
    if (next === null) break;
    times.push(new Date(next).toISOString());
    last = next;
  }
  return times;
}

const problemsOf = (cron: string, timeZone = "UTC") => cronCalendar.problemsOf({ cron, timeZone });

describe("The calendar", () => {
  it("tells the next time by the clocks of a time zone, in summer and in winter", () => {
    expect(timesOf("0 6 * * 1", "Europe/Vienna", "2030-03-20T00:00:00Z", 3)).toEqual([
      "2030-03-25T05:00:00.000Z",
      "2030-04-01T04:00:00.000Z",
      "2030-04-08T04:00:00.000Z",
    ]);
    expect(timesOf("@weekly", "UTC", "2030-01-01T00:00:00Z", 1)).toEqual(["2030-01-06T00:00:00.000Z"]);
    expect(timesOf("30 5 L JAN-MAR *", "Asia/Kolkata", "2030-01-01T00:00:00Z", 3)).toEqual([
      "2030-01-31T00:00:00.000Z",
      "2030-02-28T00:00:00.000Z",
      "2030-03-31T00:00:00.000Z",
    ]);
  });

  it("gives a time that is later than the one it is asked about, to the millisecond", () => {
    const six = Date.parse("2030-01-07T06:00:00.000Z");
    const next = (after: number) => cronCalendar.nextTime({ cron: "0 6 * * *", timeZone: "UTC" }, after);
    expect(next(six - 1)).toBe(six);
    expect(next(six)).toBe(six + 86_400_000);
    expect(next(six + 1)).toBe(six + 86_400_000);
  });

  it("takes a time that the clocks skip when they have moved, once", () => {
    // 31 March 2030 has no 02:30 in Vienna.
    expect(timesOf("30 2 * * *", "Europe/Vienna", "2030-03-30T12:00:00Z", 2)).toEqual([
      "2030-03-31T01:00:00.000Z",
      "2030-04-01T00:30:00.000Z",
    ]);
    // 10 March 2030 has none in New York.
    expect(timesOf("30 2 * * *", "America/New_York", "2030-03-09T12:00:00Z", 2)).toEqual([
      "2030-03-10T07:00:00.000Z",
      "2030-03-11T06:30:00.000Z",
    ]);
  });

  it("takes a time that comes twice once, the first time, also when it is asked in between", () => {
    // 02:30 on 27 October 2030 in Vienna: 00:30Z, and again 01:30Z.
    const times = ["2030-10-27T00:30:00.000Z", "2030-10-28T01:30:00.000Z"];
    expect(timesOf("30 2 * * *", "Europe/Vienna", "2030-10-26T12:00:00Z", 2)).toEqual(times);
    expect(timesOf("30 2 * * *", "Europe/Vienna", "2030-10-27T00:45:00Z", 1)).toEqual([times[1]]);
    expect(timesOf("30 2 * * *", "Europe/Vienna", "2030-10-27T01:15:00Z", 1)).toEqual([times[1]]);
    // Where clocks move by half an hour only.
    expect(timesOf("45 1 * * *", "Australia/Lord_Howe", "2030-04-06T00:00:00Z", 2)).toEqual([
      "2030-04-06T14:45:00.000Z",
      "2030-04-07T15:15:00.000Z",
    ]);
  });

  it("goes on through a day with another length", () => {
    const times = timesOf("0 */6 * * *", "Europe/Vienna", "2030-10-26T21:00:00Z", 5);
    expect(times).toEqual([
      "2030-10-26T22:00:00.000Z",
      "2030-10-27T05:00:00.000Z",
      "2030-10-27T11:00:00.000Z",
      "2030-10-27T17:00:00.000Z",
      "2030-10-27T23:00:00.000Z",
    ]);
  });

  it("says when no time ever comes", () => {
    for (const cron of ["0 0 30 2 *", "0 0 31 4,6,9,11 *"]) {
      expect(problemsOf(cron)).toEqual([]);
      expect(cronCalendar.nextTime({ cron, timeZone: "UTC" }, 0)).toBeNull();
    }
  });

  it("names what is wrong with an expression, and what is allowed", () => {
    const wrong: Record<string, string> = {
      "61 * * * *": "the minute is 0 to 59",
      "0 24 * * *": "the hour is 0 to 23",
      "0 6 32 * *": "the day of the month is 1 to 31, or L for the last",
      "0 6 * 13 *": "the month is 1 to 12, or JAN to DEC",
      "0 6 * * 8": "the day of the week is 0 to 7 (0 and 7 are Sunday), or SUN to SAT",
      "*/0 * * * *": "Syntax error, illegal stepping: 0",
      "H 6 * * *": "configuration entry 1 (H) contains illegal characters",
    };
    for (const [cron, reason] of Object.entries(wrong)) {
      expect(problemsOf(cron), cron).toEqual([
        {
          key: "cron",
          message: expect.stringMatching(/^must be a cron expression of five fields .*, found "/),
        },
      ]);
      expect(problemsOf(cron)[0]?.message.endsWith(`: ${reason}`), cron).toBe(true);
    }
    for (const cron of [
      "0 6 * *",
      "* * * * * *",
      "",
      " ",
      "@reboot",
      "2030-01-01T00:00:00",
      "weekly",
      "@every 5m",
    ]) {
      expect(problemsOf(cron), cron).toHaveLength(1);
      expect(problemsOf(cron)[0]?.message.endsWith(`found ${JSON.stringify(cron)}`), cron).toBe(true);
    }
  });

  it("names the nearest time zone for one that there is not", () => {
    expect(problemsOf("@daily", "Europe/Viena")).toEqual([
      {
        key: "timeZone",
        message: expect.stringContaining('did you mean "Europe/Vienna"?'),
        suggestion: "Europe/Vienna",
      },
    ]);
    for (const zone of ["+02:00", "", "Mars/Olympus_Mons", "Europe", "../etc"]) {
      expect(problemsOf("@daily", zone), zone).toHaveLength(1);
    }
    for (const zone of ["UTC", "Europe/Vienna", "Etc/GMT+2", "Asia/Kathmandu"]) {
      expect(problemsOf("@daily", zone), zone).toEqual([]);
    }
    expect(problemsOf("61 * * * *", "Nowhere").map(({ key }) => key)).toEqual(["cron", "timeZone"]);
    expect(() => cronCalendar.nextTime({ cron: "@daily", timeZone: "Nowhere" }, 0)).toThrow(
      expect.objectContaining({ code: "config_invalid" }),
    );
  });

  it("always goes forwards, and shows the wanted minute in the time zone, whatever the instant", () => {
    const zones = ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom(...zones),
        fc.date({ min: new Date("2026-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
        (minute, timeZone, after) => {
          const time = { cron: `${minute} * * * *`, timeZone };
          const next = cronCalendar.nextTime(time, after.getTime()) ?? 0;
          expect(next).toBeGreaterThan(after.getTime());
          expect(next - after.getTime()).toBeLessThanOrEqual(2 * 3_600_000);
          const shown = new Intl.DateTimeFormat("en", { timeZone, minute: "numeric" }).format(next);
          expect(Number(shown)).toBe(minute);
        },
      ),
    );
  });
});
