/** The size of the next batch of one kind of query, learnt from how the last ones went. */
export interface AdaptiveSize {
  current(): number;
  /** A batch of this size was answered after `durationMs`. */
  answered(size: number, durationMs: number): void;
  /** A batch of this size was too much: at most half of it from now on (at least 1). */
  tooMuch(size: number): void;
}

/**
 * Starts at `maximum` and never goes beyond it. Halves on a time-out or a resource limit and after two slow answers in
 * a row (over 6 s: near GitHub's limit of 10 s, a first green answer proves nothing); grows by half after five answers
 * in a row under 3 s.
 */
export function createAdaptiveSize(maximum: number): AdaptiveSize {
  let size = maximum;
  let fastInARow = 0;
  let slowInARow = 0;
  const shrink = (from: number) => {
    size = Math.max(1, Math.min(size, Math.floor(from / 2)));
    fastInARow = 0;
    slowInARow = 0;
  };
  return {
    current: () => size,
    answered(answeredSize, durationMs) {
      fastInARow = durationMs < fastMs ? fastInARow : 0;
      slowInARow = durationMs > slowMs ? slowInARow + 1 : 0;
      if (slowInARow >= slowAnswersToShrink) shrink(answeredSize);
      // A smaller batch (the last one of a list) says nothing about whether a larger one would do.
      if (answeredSize < size || durationMs >= fastMs) return;
      fastInARow += 1;
      if (fastInARow < fastAnswersToGrow) return;
      fastInARow = 0;
      size = Math.min(maximum, Math.max(size + 1, Math.floor(size * 1.5)));
    },
    tooMuch: shrink,
  };
}

const fastMs = 3_000;
const slowMs = 6_000;
const fastAnswersToGrow = 5;
const slowAnswersToShrink = 2;
