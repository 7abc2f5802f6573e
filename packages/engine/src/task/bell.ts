/** Lets coroutines sleep until others have news for them. */
export interface Bell {
  ring(): void;
  /**
   * Resolves at the first ring after this call. Ask for it *before* looking at what the bell is about, and wait for it
   * after: then a ring in between is not lost, and one who stopped waiting takes no ring away from others.
   */
  next(): Promise<void>;
}

/** A {@link Bell}. */
export function createBell(): Bell {
  let ringing: Promise<void> | null = null;
  let wake = () => {};
  return {
    ring() {
      ringing = null;
      wake();
    },
    next() {
      ringing ??= new Promise((resolve) => {
        wake = resolve;
      });
      return ringing;
    },
  };
}
