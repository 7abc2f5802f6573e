// Numbers, times and dates in the person's own locale; formats are made once, which is what takes the time.
const counts = new Intl.NumberFormat();
const decimals = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const shortClock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const ages = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "narrow" });

/** A whole number: `12,345`. */
export const countText = (count: number): string => counts.format(count);

/** A number with at most one digit after the point. */
export const decimalText = (value: number): string => decimals.format(value);

/** A date with its time, of an ISO instant or of milliseconds since the epoch. */
export const momentText = (at: string | number): string => format(moments, at);

/** A date. */
export const dayText = (at: string | number): string => format(days, at);

/** A time of day to the second. */
export const clockText = (at: string | number): string => format(clock, at);

/** A time of day to the minute. */
export const shortClockText = (at: string | number): string => format(shortClock, at);

function format(formatter: Intl.DateTimeFormat, at: string | number): string {
  const date = new Date(at);
  // What a file says may be no time at all.
  return Number.isNaN(date.getTime()) ? String(at) : formatter.format(date);
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How long ago something was, in its greatest unit: `5 min. ago`, `yesterday`. */
export function ageText(at: string | number, now: number): string {
  const past = now - new Date(at).getTime();
  for (const [unit, milliseconds] of units) {
    if (past >= milliseconds) return ages.format(-Math.floor(past / milliseconds), unit);
  }
  return ages.format(-Math.max(0, Math.floor(past / 1_000)), "second");
}

/** A duration as a stop-watch shows it: `0:07`, `12:05`, `1:02:03`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const tail = `${hours > 0 ? pad(minutes % 60) : minutes}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** A key of the engine in words: `no_email` is `no email`, `reposMatched` is `repos matched`. */
export function wordsOf(key: string): string {
  return key.replace(/[_.-]+/g, " ").replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => {
    return `${before} ${after.toLowerCase()}`;
  });
}
