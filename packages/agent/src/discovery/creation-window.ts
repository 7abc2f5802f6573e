/** Days of creation, `YYYY-MM-DD`, both inclusive. */
export interface CreationWindow {
  readonly from: string;
  readonly to: string;
}

/** From before the first repository to a day. */
export function everyDayUntil(today: string): CreationWindow {
  return { from: earliestDay, to: today };
}

/** The two halves of a window of more than a day. */
export function halvesOf({ from, to }: CreationWindow): { older: CreationWindow; newer: CreationWindow } {
  const middle = dayAfter(from, Math.floor((Date.parse(to) - Date.parse(from)) / dayMs / 2));
  return { older: { from, to: middle }, newer: { from: dayAfter(middle, 1), to } };
}

/** GitHub's oldest repositories are of October 2007; nothing was created before. */
const earliestDay = "2007-10-01";
const dayMs = 86_400_000;

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}
