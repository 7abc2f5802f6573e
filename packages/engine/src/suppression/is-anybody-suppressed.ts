import type { Store } from "../port/store.ts";

/**
 * Whether a job's spec or the store's list names anybody. Most lists are empty, and hashing everybody is most of the work
 * of looking people up. To be asked each time: a list may grow while a job runs.
 */
export async function isAnybodySuppressed(
  store: Pick<Store, "listSuppressed">,
  bySpec: ReadonlySet<string>,
): Promise<boolean> {
  return bySpec.size > 0 || (await store.listSuppressed({ limit: 1 })).length > 0;
}
