import { byText } from "../text/by-text.ts";

/** Counts what was dropped, by reason. */
export interface DropCount {
  add(reason: string, count?: number): void;
  /** Reason to count, by name; reasons that nothing was dropped for are absent. */
  byReason(): Record<string, number>;
}

/** A {@link DropCount} at zero. */
export function createDropCount(): DropCount {
  const counts = new Map<string, number>();
  return {
    add(reason, count = 1) {
      if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count);
    },
    byReason: () => Object.fromEntries([...counts].sort(([a], [b]) => byText(a, b))),
  };
}
