import { type Calendar, CmoError, nearestName, type RecurringTime } from "@cmo/engine";
import { Cron } from "croner";

/** A calendar of cron expressions and of the time zones that this machine knows. */
export const cronCalendar: Calendar = {
  problemsOf(time) {
    const zone = zoneProblem(time.timeZone);
    const cron = cronProblem(time.cron);
    return [
      ...(cron === null ? [] : [{ key: "cron" as const, message: cron }]),
      ...(zone === null ? [] : [{ key: "timeZone" as const, ...zone }]),
    ];
  },

  nextTime(time, after) {
    const [problem] = this.problemsOf(time);
    if (problem !== undefined) {
      throw new CmoError("config_invalid", `schedule: ${problem.message}.`);
    }
    return read(time).nextRun(new Date(after))?.getTime() ?? null;
  },
};

function read({ cron, timeZone }: RecurringTime): Cron {
  return new Cron(cron.trim(), { mode: "5-part", timezone: timeZone });
}

const allowedCron =
  "a cron expression of five fields (minute, hour, day of the month, month, day of the week) or @hourly, @daily, @weekly, @monthly, @yearly";

function cronProblem(text: string): string | null {
  const problem = `must be ${allowedCron}, found ${JSON.stringify(text)}`;
  const fields = text.trim().split(/\s+/);
  // Everything else of one word is for others: a date, which comes once, and @reboot.
  if (
    fields.length !== 5 &&
    !/^@(?:hourly|daily|midnight|weekly|monthly|yearly|annually)$/i.test(text.trim())
  )
    return problem;
  try {
    read({ cron: text, timeZone: "UTC" });
    return null;
  } catch (error) {
    return `${problem}: ${reasonOf(error)}`;
  }
}

const bounds: Readonly<Record<string, string>> = {
  minute: "the minute is 0 to 59",
  hour: "the hour is 0 to 23",
  day: "the day of the month is 1 to 31, or L for the last",
  month: "the month is 1 to 12, or JAN to DEC",
  dayOfWeek: "the day of the week is 0 to 7 (0 and 7 are Sunday), or SUN to SAT",
};

/** What the library says, without its own name for things. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
  const [, field] = /^Invalid value for (\w+)/.exec(said) ?? [];
  return (field !== undefined && bounds[field]) || said.replace(/\.$/, "");
}

function zoneProblem(name: string): { message: string; suggestion?: string } | null {
  if (isTimeZone(name)) return null;
  const near = nearestName(name, Intl.supportedValuesOf("timeZone"));
  const meant = near === null ? "" : `; did you mean "${near}"?`;
  return {
    message: `must be a time zone as the IANA names it, such as Europe/Vienna, found ${JSON.stringify(name)}${meant}`,
    ...(near === null ? {} : { suggestion: near }),
  };
}

function isTimeZone(name: string): boolean {
  // A distance from UTC is no zone whose clocks change, and not every Node knows one.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
