import type { Mortality } from "./mortality.ts";

/**
 * An iterable of which each step is an effect. It is no generator: one that waits for a step that never comes would not
 * let itself be ended either.
 */
export function mortalIterable<T>(
  iterable: AsyncIterable<T>,
  kind: string,
  mortality: Mortality,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = iterable[Symbol.asyncIterator]();
      return {
        next: () => mortality.effect(kind, () => iterator.next()),
        async return() {
          if (!mortality.isGone()) await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
