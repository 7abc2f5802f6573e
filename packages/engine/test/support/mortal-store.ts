import { CmoError } from "../../src/error/cmo-error.ts";
import type { Store } from "../../src/port/store.ts";
import { failingStore } from "./failing-store.ts";

/**
 * The store of a process that ends at an effect: nothing that it goes on to do reaches the store. What it has written
 * stays.
 */
export function mortalStore(inner: Store, diesAt: (effect: { index: number; after: boolean }) => boolean) {
  let dead = false;
  const gone = new CmoError("store_unavailable", "the process is gone");
  const store = failingStore(inner, (effect) => {
    if (!dead && diesAt(effect)) dead = true;
    return dead ? gone : null;
  });
  return {
    store,
    isDead: () => dead,
    die() {
      dead = true;
    },
  };
}
