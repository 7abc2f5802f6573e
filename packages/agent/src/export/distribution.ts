import { cleanText } from "@cmo/engine";
import { byText } from "../text/by-text.ts";

/** At most this many values of a distribution are told; what is left is `other`. */
const mostValues = 20;
/** A longer text is a sentence about somebody, and not the name of a company or of a place. */
const longestValue = 60;
const rest = "other";

/**
 * How often each value stands in a list that is told one after the other; case, white space and a leading `@` do not
 * tell values apart. A distribution is part of the log and must not point at one person: values that stand there only
 * once, and texts that hold an address, are counted under `other`.
 */
export interface Tally {
  add(value: string | null): void;
  /** The most frequent values; those that stand there less often than `least` (default 2) are under `other`. */
  distribution(options?: { least?: number }): Record<string, number>;
  /** Everything that going on needs. */
  counts(): TallyCounts;
}

/** What a {@link Tally} has counted. JSON. */
export interface TallyCounts {
  readonly values: readonly (readonly [shown: string, count: number])[];
  /** Values that are never told. */
  readonly untold: number;
}

/** The counts of a tally that was told nothing. */
export const noTallyCounts: TallyCounts = { values: [], untold: 0 };

/** A {@link Tally} that goes on from these counts. */
export function createTally(begin: TallyCounts = noTallyCounts): Tally {
  const groups = new Map(begin.values.map(([shown, count]) => [shown.toLowerCase(), { shown, count }]));
  let { untold } = begin;

  return {
    add(value) {
      const shown = shownValue(value ?? "");
      if (shown === "") return;
      const key = shown.toLowerCase();
      if (key === rest || unnamed.has(key) || shown.includes("@") || shown.length > longestValue) {
        untold += 1;
        return;
      }
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { shown, count: 1 });
      else {
        group.count += 1;
        if (shown < group.shown) group.shown = shown;
      }
    },
    distribution({ least = 2 } = {}) {
      const ordered = [...groups.values()].sort((a, b) => b.count - a.count || byText(a.shown, b.shown));
      const told = ordered.filter(({ count }) => count >= least).slice(0, mostValues);
      const other = ordered.slice(told.length).reduce((sum, { count }) => sum + count, untold);
      const entries = told.map(({ shown, count }): [string, number] => [shown, count]);
      return Object.fromEntries(other > 0 ? [...entries, [rest, other]] : entries);
    },
    counts: () => ({ values: [...groups.values()].map(({ shown, count }) => [shown, count]), untold }),
  };
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
