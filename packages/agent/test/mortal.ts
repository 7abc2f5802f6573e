import { CmoError, type Store } from "@cmo/engine";

/** Something that ends a process, or disturbs it once, at the n-th effect. */
export interface Mortality {
  /** Counts an effect; throws when it is this one's turn, or when all is over. */
  effect(): void;
  /** Effects so far. */
  count(): number;
  dead(): boolean;
}

/** At effect `at` and, when it is `fatal`, at every one after it: nothing works any more, as after `kill -9`. */
export function createMortality(at: number, fatal: boolean): Mortality {
  let count = 0;
  let dead = false;
  return {
    effect() {
      count += 1;
      if (dead) throw new CmoError("store_unavailable", "The process is gone.", { retryable: true });
      if (count !== at) return;
      dead = fatal;
      throw new CmoError("store_unavailable", "Out of reach.", { retryable: true });
    },
    count: () => count,
    dead: () => dead,
  };
}

/**
 * A store whose calls are effects. A write may fail before it happens or, as a broken connection does, after it.
 */
export function mortalStore(store: Store, mortality: Mortality, { afterWrite = false } = {}): Store {
  return new Proxy(store, {
    get(target, key: keyof Store) {
      const member = target[key];
      if (typeof member !== "function" || key === "onNews" || key === "createJob") return member;
      return async (...parameters: unknown[]) => {
        const call = member as (...all: unknown[]) => Promise<unknown>;
        if (!afterWrite || mortality.dead()) mortality.effect();
        const value = await call.apply(target, parameters);
        if (afterWrite && !mortality.dead()) mortality.effect();
        return value;
      };
    },
  });
}
