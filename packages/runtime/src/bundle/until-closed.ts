/**
 * The same pieces; `close` is called when the last one was given, when one cannot be, and when no more are wanted, before
 * the first one too.
 */
export function untilClosed<T>(
  pieces: AsyncGenerator<T, void, undefined>,
  close: () => Promise<void>,
): AsyncIterableIterator<T, void, undefined> {
  return {
    async next() {
      try {
        const next = await pieces.next();
        if (next.done) await close();
        return next;
      } catch (error) {
        await close();
        throw error;
      }
    },
    async return() {
      await pieces.return();
      await close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
