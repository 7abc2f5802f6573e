/** The jobs of a queue that a worker has found it cannot work on, so that it does not look at each of them again and again. */
export interface PassedOver {
  /** `now` is the store's clock, in milliseconds. */
  add(ordinal: number, now: number): void;
  /** Those that are to be passed over now. */
  list(now: number): readonly number[];
}

/** A {@link PassedOver}. It forgets all of them every minute: one may have been mended. */
export function createPassedOver(): PassedOver {
  const ordinals = new Set<number>();
  let since = 0;
  return {
    add(ordinal, now) {
      if (ordinals.size === 0) since = now;
      ordinals.add(ordinal);
    },
    list(now) {
      // A clock that was turned back says nothing of how long it is since.
      if (Math.abs(now - since) >= forgetMs) ordinals.clear();
      return [...ordinals];
    },
  };
}

const forgetMs = 60_000;
