/**
 * The same items for two readers, taken from their origin once. What one has read waits for the other, so they are to go
 * on side by side; when one leaves, the origin is closed.
 */
export function twoReaders<T>(items: AsyncIterable<T>): readonly [AsyncIterable<T>, AsyncIterable<T>] {
  const origin = items[Symbol.asyncIterator]();
  // Not a chain of promises from item to item: of such a chain the collector keeps every link until it looks at all.
  const waiting: readonly [T[], T[]] = [[], []];
  let taking: Promise<boolean> | null = null;

  /** Takes the next item, for both; false when there is none. */
  function take(): Promise<boolean> {
    taking ??= origin.next().then(({ done, value }) => {
      if (done) return false;
      for (const queue of waiting) queue.push(value);
      taking = null;
      return true;
    });
    return taking;
  }

  async function* readFrom(queue: T[]): AsyncGenerator<T, void, undefined> {
    try {
      while (queue.length > 0 || (await take())) yield queue.shift() as T;
    } finally {
      await origin.return?.();
    }
  }

  return [readFrom(waiting[0]), readFrom(waiting[1])];
}
