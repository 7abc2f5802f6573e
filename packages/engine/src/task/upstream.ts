/** Items on their way in. */
export interface Upstream<T> {
  /** The items that are there, at most so many; where they come from is asked for more. Throws what that threw. */
  take(limit: number): T[];
  /** Nothing more will come. */
  ended(): boolean;
  /** Nothing more is wanted. */
  close(): Promise<void>;
}

/**
 * Pulls items as they come: all at once from a list, one after the other from an asynchronous source. Rings when there
 * is news.
 */
export function openUpstream<T>(items: Iterable<T> | AsyncIterable<T>, ring: () => void): Upstream<T> {
  let ended = false;
  if (Symbol.iterator in items) {
    const iterator = items[Symbol.iterator]();
    return {
      take(limit: number): T[] {
        const taken: T[] = [];
        while (!ended && taken.length < limit) {
          const next = iterator.next();
          if (next.done) ended = true;
          else taken.push(next.value);
        }
        return taken;
      },
      ended: () => ended,
      async close() {
        if (!ended) iterator.return?.();
      },
    };
  }
  const iterator = items[Symbol.asyncIterator]();
  let ready: T[] = [];
  let failure: { error: unknown } | null = null;
  let pulling: Promise<void> | null = null;
  return {
    take(limit: number): T[] {
      if (failure !== null) throw failure.error;
      const taken = ready.splice(0, limit);
      if (!ended && pulling === null && ready.length < limit) {
        pulling = iterator.next().then(
          (next) => {
            pulling = null;
            if (next.done) ended = true;
            else ready = [...ready, next.value];
            ring();
          },
          (error) => {
            pulling = null;
            failure = { error };
            ring();
          },
        );
      }
      return taken;
    },
    ended: () => ended && ready.length === 0,
    async close() {
      await pulling;
      if (!ended) await iterator.return?.();
    },
  };
}
