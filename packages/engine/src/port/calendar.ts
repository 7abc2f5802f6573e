/** When something happens again and again: an expression, and the time zone whose clocks it is read by. */
export interface RecurringTime {
  /** Five fields (minute, hour, day of the month, month, day of the week), or a word such as `@daily`. */
  readonly cron: string;
  /** As the IANA names it: `Europe/Vienna`. */
  readonly timeZone: string;
}

/** What is wrong with a recurring time. */
export interface RecurringTimeProblem {
  readonly key: keyof RecurringTime;
  /** What is allowed and what was found, as in a config's other problems. */
  readonly message: string;
  /** The nearest known value, where there is one. */
  readonly suggestion?: string;
}

/**
 * Knows expressions of recurring times, time zones, and when their clocks change. Pure: the same question has the same
 * answer, on every machine that knows the time zone.
 */
export interface Calendar {
  /** What makes an expression or a time zone one that cannot be read; empty when both can be. */
  problemsOf(time: RecurringTime): readonly RecurringTimeProblem[];
  /**
   * The first time later than `after`; null when none ever comes. In milliseconds since the epoch. One wall-clock time
   * a day that the clocks skip is taken when they have moved; one that comes twice is taken once.
   * @throws CmoError `config_invalid` for what {@link Calendar.problemsOf} names.
   */
  nextTime(time: RecurringTime, after: number): number | null;
}
