import type { JobChange, Store } from "@cmo/engine";

/** A store that notes the ids of the items whose results were stored through it. */
export function recordAnswered(store: Store, answered: Set<string>): Store {
  return {
    ...store,
    async updateJob(jobId, decide) {
      let change: JobChange = {};
      const written = await store.updateJob(jobId, (job, now) => {
        change = decide(job, now);
        return change;
      });
      for (const { itemId } of change.taskResults ?? []) answered.add(itemId);
      return written;
    },
  };
}
