import type { Job, Store } from "@cmo/engine";

/** Hears of jobs that are taken and let go through a store. What it throws is nobody's business but its own. */
export interface JobObserver {
  /** A worker has taken the job. */
  onTaken?(job: Job): void;
  /** The job is in nobody's hands any more: it has ended, is paused, or is back in the queue. */
  onReleased?(job: Job): void;
}

/** A store that tells of the jobs that are taken through it. A lease that is lost to another process is not heard of. */
export function observeJobs(store: Store, observer: JobObserver): Store {
  const held = new Set<string>();
  return {
    ...store,
    async claimNext(request, decide) {
      const written = await store.claimNext(request, decide);
      if (written !== null) {
        held.add(written.job.id);
        observer.onTaken?.(written.job);
      }
      return written;
    },
    async updateJob(jobId, decide) {
      const written = await store.updateJob(jobId, decide);
      if (written.job.leaseOwner === null && held.delete(jobId)) observer.onReleased?.(written.job);
      return written;
    },
  };
}
