import { CmoError, type Job, type Store } from "@cmo/engine";

/** Hears of jobs that are taken and let go through a store. What it throws is nobody's business but its own. */
export interface JobObserver {
  /** A worker has taken the job. */
  onTaken?(job: Job): void;
  /** The job is in nobody's hands any more: it has ended, is paused, or is back in the queue. */
  onReleased?(job: Job): void;
  /** The job went to another process, because this one was silent for longer than its lease. */
  onLost?(jobId: string): void;
}

/**
 * A store that tells of the jobs that are taken through it. That one was lost is heard of when the worker finds out:
 * when it looks at the job, or when what it writes is refused.
 */
export function observeJobs(store: Store, observer: JobObserver): Store {
  /** The epochs under which jobs are held. */
  const held = new Map<string, number>();
  function lose(jobId: string): void {
    if (held.delete(jobId)) observer.onLost?.(jobId);
  }
  return {
    ...store,
    async claimNext(request, decide) {
      const written = await store.claimNext(request, decide);
      if (written !== null) {
        held.set(written.job.id, written.job.epoch);
        observer.onTaken?.(written.job);
      }
      return written;
    },
    async readJob(jobId) {
      const job = await store.readJob(jobId);
      if (job !== null && job.epoch !== (held.get(jobId) ?? job.epoch)) lose(jobId);
      return job;
    },
    async updateJob(jobId, decide) {
      try {
        const written = await store.updateJob(jobId, decide);
        if (written.job.leaseOwner === null && held.delete(jobId)) observer.onReleased?.(written.job);
        return written;
      } catch (error) {
        if (error instanceof CmoError && error.code === "lease_lost") lose(jobId);
        throw error;
      }
    },
  };
}
