import { byText } from "../text/by-text.ts";

/** Counts what was dropped, by reason. */
export interface DropCount {
  /** `count` may be negative: what was counted turned out to be something else. */
  add(reason: string, count?: number): void;
  /** Reason to count, by name; reasons that nothing was dropped for are absent. */
  byReason(): Record<string, number>;
}

/** A {@link DropCount} that goes on from these counts. */
export function createDropCount(begin: Readonly<Record<string, number>> = {}): DropCount {
  const counts = new Map(Object.entries(begin));
  return {
    add(reason, count = 1) {
      counts.set(reason, (counts.get(reason) ?? 0) + count);
    },
    byReason: () =>
      Object.fromEntries([...counts].filter(([, count]) => count > 0).sort(([a], [b]) => byText(a, b))),
  };
}
