/** A sum over the last so many milliseconds. */
export interface SlidingWindow {
  add(amount: number, nowMs: number): void;
  sum(nowMs: number): number;
}

export function createSlidingWindow(windowMs: number): SlidingWindow {
  let entries: { at: number; amount: number }[] = [];
  let total = 0;
  let first = 0;
  const drop = (nowMs: number) => {
    for (
      let entry = entries[first];
      entry !== undefined && entry.at <= nowMs - windowMs;
      entry = entries[first]
    ) {
      total -= entry.amount;
      first += 1;
    }
    if (first > 1000) {
      entries = entries.slice(first);
      first = 0;
    }
  };
  return {
    add(amount, nowMs) {
      drop(nowMs);
      entries.push({ at: nowMs, amount });
      total += amount;
    },
    sum(nowMs) {
      drop(nowMs);
      return total;
    },
  };
}
