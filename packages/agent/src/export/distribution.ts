import { cleanText } from "@cmo/engine";
import { byText } from "../text/by-text.ts";

/** How a distribution is told. */
export interface DistributionOptions {
  /** Values that stand there less often are counted under `other`. Default 2. */
  least?: number;
}

/** At most this many values of a distribution are told; what is left is `other`. */
const mostValues = 20;
/** A longer text is a sentence about somebody, and not the name of a company or of a place. */
const longestValue = 60;
const rest = "other";

/**
 * How often each value stands in a list; case, white space and a leading `@` do not tell values apart. A distribution
 * is part of the log and must not point at one person: values that stand there only once, and texts that hold an
 * address, are counted under `other`.
 */
export function distributionOf(
  values: readonly (string | null)[],
  { least = 2 }: DistributionOptions = {},
): Record<string, number> {
  const groups = new Map<string, { shown: string; count: number }>();
  let other = 0;
  for (const value of values) {
    const shown = shownValue(value ?? "");
    if (shown === "") continue;
    const key = shown.toLowerCase();
    if (key === rest || unnamed.has(key) || shown.includes("@") || shown.length > longestValue) {
      other += 1;
      continue;
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { shown, count: 1 });
    else {
      group.count += 1;
      if (shown < group.shown) group.shown = shown;
    }
  }
  const ordered = [...groups.values()].sort((a, b) => b.count - a.count || byText(a.shown, b.shown));
  const told = ordered.filter(({ count }) => count >= least).slice(0, mostValues);
  other += ordered.slice(told.length).reduce((sum, { count }) => sum + count, 0);
  const entries = told.map(({ shown, count }): [string, number] => [shown, count]);
  return Object.fromEntries(other > 0 ? [...entries, [rest, other]] : entries);
}

/**
 * Scores by tens: `0-9` to `90-100`; tens that nobody is in are absent. Weights of one's own may add up to more than
 * 100 points: `over_100`.
 */
export function scoreHistogram(scores: readonly number[]): Record<string, number> {
  const tens = new Map<number, number>();
  for (const score of scores) {
    const ten = score > 100 ? 10 : Math.min(9, Math.max(0, Math.floor(score / 10)));
    tens.set(ten, (tens.get(ten) ?? 0) + 1);
  }
  return Object.fromEntries([...tens].sort(([a], [b]) => a - b).map(([ten, count]) => [tenName(ten), count]));
}

function tenName(ten: number): string {
  if (ten === 10) return "over_100";
  return ten === 9 ? "90-100" : `${ten * 10}-${ten * 10 + 9}`;
}

function shownValue(value: string): string {
  return cleanText(value.normalize("NFC").replace(/\s+/g, " ")).replace(/^@\s*/, "");
}

/** Keys that reach the prototype of an object. */
const unnamed: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
