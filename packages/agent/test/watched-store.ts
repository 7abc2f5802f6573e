import type { Store } from "@cmo/engine";

/** What was asked of a store, and what was written to it. */
export interface StoreWatch {
  /** Kind and item of every task result that was looked up, in order. */
  readonly reads: { readonly kind: string; readonly itemId: string }[];
  /** Collection and key of every record that was looked up, in order. */
  readonly recordReads: { readonly collection: string; readonly key: string }[];
  /** JSON texts of all checkpoints, in order. */
  readonly checkpoints: string[];
  /** How often the suppression list was asked. */
  suppressionCalls: number;
  /** JSON texts of everything that was written to jobs. */
  readonly written: string[];
}

/** A store whose traffic can be looked at. */
export function watchedStore(store: Store): { store: Store; watch: StoreWatch } {
  const watch: StoreWatch = {
    reads: [],
    recordReads: [],
    checkpoints: [],
    suppressionCalls: 0,
    written: [],
  };
  return {
    watch,
    store: {
      ...store,
      updateJob: (jobId, decide) =>
        store.updateJob(jobId, (job, now) => {
          const change = decide(job, now);
          watch.written.push(JSON.stringify(change));
          if (typeof change.checkpoint === "string") watch.checkpoints.push(change.checkpoint);
          return change;
        }),
      readTaskResults: (jobId, kind, itemIds) => {
        for (const itemId of itemIds) watch.reads.push({ kind, itemId });
        return store.readTaskResults(jobId, kind, itemIds);
      },
      readRecords: (jobId, collection, keys) => {
        for (const key of keys) watch.recordReads.push({ collection, key });
        return store.readRecords(jobId, collection, keys);
      },
      findSuppressed: (hashes) => {
        watch.suppressionCalls += 1;
        return store.findSuppressed(hashes);
      },
    },
  };
}
