import type { Clock, Store } from "@cmo/engine";
import { resultWithin } from "./result-within.ts";

/** Tells whether the server can be given work. */
export interface Readiness {
  isReady(): Promise<boolean>;
}

/** A store that takes longer for its cheapest answer is no help to anybody. */
const storeLimitMs = 1_000;

/** Nothing is asked while an earlier answer is still out: a store that hangs does not get more to hang on. */
export function createReadiness(options: {
  store: Pick<Store, "readJob">;
  clock: Pick<Clock, "sleep">;
  isStopping(): boolean;
}): Readiness {
  const { store, clock, isStopping } = options;
  let asked: Promise<boolean> | null = null;

  function ask(): Promise<boolean> {
    asked ??= store
      .readJob("none")
      .then(() => true)
      .finally(() => {
        asked = null;
      });
    return asked;
  }

  return {
    async isReady() {
      if (isStopping()) return false;
      const answered = await resultWithin(clock, storeLimitMs, ask);
      return answered === true && !isStopping();
    },
  };
}
