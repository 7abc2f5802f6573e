/** At most this many values of a distribution are told; what is left is `other`. */
const mostValues = 20;

/**
 * How often each value stands in a list; case and a leading `@` do not tell values apart. Values that stand there only
 * once are counted under `other`: a distribution is part of the log, and must not point at one person.
 */
export function distributionOf(values: readonly (string | null)[]): Record<string, number> {
  const groups = new Map<string, { shown: string; count: number }>();
  for (const value of values) {
    const shown = (value ?? "").trim().replace(/^@/, "");
    if (shown === "") continue;
    const key = shown.toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { shown, count: 1 });
    else {
      group.count += 1;
      if (shown < group.shown) group.shown = shown;
    }
  }
  const ordered = [...groups.values()].sort((a, b) => b.count - a.count || (a.shown < b.shown ? -1 : 1));
  const told = ordered.filter(({ count }) => count > 1).slice(0, mostValues);
  const other =
    ordered.reduce((sum, { count }) => sum + count, 0) - told.reduce((sum, { count }) => sum + count, 0);
  const entries = told.map(({ shown, count }): [string, number] => [shown, count]);
  return Object.fromEntries(other > 0 ? [...entries, ["other", other]] : entries);
}

/** Scores by tens: `0-9` to `90-100`; tens that nobody is in are absent. */
export function scoreHistogram(scores: readonly number[]): Record<string, number> {
  const tens = new Map<number, number>();
  for (const score of scores) {
    const ten = Math.min(9, Math.max(0, Math.floor(score / 10)));
    tens.set(ten, (tens.get(ten) ?? 0) + 1);
  }
  return Object.fromEntries(
    [...tens]
      .sort(([a], [b]) => a - b)
      .map(([ten, count]) => [ten === 9 ? "90-100" : `${ten * 10}-${ten * 10 + 9}`, count]),
  );
}
