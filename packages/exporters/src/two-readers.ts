/**
 * The same items for two readers, taken from their origin once. What one has read waits for the other, so they are to go
 * on side by side; when one leaves, the origin is closed.
 */
export function twoReaders<T>(items: AsyncIterable<T>): readonly [AsyncIterable<T>, AsyncIterable<T>] {
  const origin = items[Symbol.asyncIterator]();
  const first = linkFrom(origin);
  return [readFrom(first, origin), readFrom(first, origin)];
}

interface Link<T> {
  take(): Promise<{ readonly item: IteratorResult<T>; readonly following: Link<T> }>;
}

/** What whoever comes first takes from the origin is there for who comes after. */
function linkFrom<T>(origin: AsyncIterator<T>): Link<T> {
  let taken: ReturnType<Link<T>["take"]> | null = null;
  return {
    take() {
      taken ??= origin.next().then((item) => ({ item, following: linkFrom(origin) }));
      return taken;
    },
  };
}

async function* readFrom<T>(first: Link<T>, origin: AsyncIterator<T>): AsyncGenerator<T, void, undefined> {
  try {
    for (let link = first; ; ) {
      const { item, following } = await link.take();
      if (item.done) return;
      yield item.value;
      link = following;
    }
  } finally {
    await origin.return?.();
  }
}
