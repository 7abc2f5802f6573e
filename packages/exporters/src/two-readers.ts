/**
 * The same items for two readers, taken from their origin once. What one has read waits for the other, so they are to go
 * on side by side; when one leaves, the origin is closed.
 */
export function twoReaders<T>(items: AsyncIterable<T>): readonly [AsyncIterable<T>, AsyncIterable<T>] {
  const origin = items[Symbol.asyncIterator]();
  const link = linkFrom(origin);
  return [readFrom({ link }, origin), readFrom({ link }, origin)];
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

/** `place` is where a reader is: whoever kept a link that was passed would keep all that came after it. */
async function* readFrom<T>(
  place: { link: Link<T> },
  origin: AsyncIterator<T>,
): AsyncGenerator<T, void, undefined> {
  try {
    for (;;) {
      const { item, following } = await place.link.take();
      place.link = following;
      if (item.done) return;
      yield item.value;
    }
  } finally {
    await origin.return?.();
  }
}
