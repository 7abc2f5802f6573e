import { CmoError, type Job, type JobEvent, type JobWrite, type Store } from "@cmo/engine";

/** Hears of jobs that are taken, written to and let go through a store. What it throws is nobody's business but its own. */
export interface JobObserver {
  /** A worker has taken the job. */
  onTaken?(job: Job): void;
  /** The job is in nobody's hands any more: it has ended, is paused, or is back in the queue. */
  onReleased?(job: Job): void;
  /** The job went to another process, because this one was silent for longer than its lease. */
  onLost?(jobId: string): void;
  /** The job is left alone, as this version cannot work on it. Told once of each job. */
  onPassedOver?(jobId: string, fault: CmoError): void;
  /**
   * Events were appended to a job's log through this store: those of a claim after {@link onTaken}, those of a release
   * before {@link onReleased}. Every event of a log is told of in the process that wrote it, once and in order.
   * `missed` reads those that the same worker wrote before, when their write was done but not answered; null when
   * there are none.
   */
  onWritten?(written: JobWrite, missed: (() => Promise<readonly JobEvent[]>) | null): void;
}

/** How a job is held through this store. */
interface Hold {
  readonly epoch: number;
  /** The last event that was told of. */
  lastSeq: number;
}

/**
 * A store that tells of the jobs that are taken through it. That one was lost is heard of when the worker finds out:
 * when it looks at the job, or when what it writes is refused.
 */
export function observeJobs(store: Store, observer: JobObserver): Store {
  const held = new Map<string, Hold>();
  const passedOver = new Set<string>();

  function lose(jobId: string): void {
    if (held.delete(jobId)) observer.onLost?.(jobId);
  }

  function tell(written: JobWrite): void {
    const { job } = written;
    // Not asked for otherwise: a store may read them back only when somebody looks.
    if (observer.onWritten === undefined || written.events.length === 0) return;
    const before = job.lastSeq - written.events.length;
    const hold = held.get(job.id);
    const told = hold?.epoch === job.epoch ? hold.lastSeq : before;
    if (hold !== undefined) hold.lastSeq = job.lastSeq;
    const missed = before > told ? () => store.readEvents(job.id, told, before - told) : null;
    observer.onWritten(written, missed);
  }

  return {
    ...store,
    async createJob(job, events, options) {
      const written = await store.createJob(job, events, options);
      tell(written);
      return written;
    },
    async claimNext(request, decide) {
      const onPassedOver = (jobId: string, fault: CmoError) => {
        request.onPassedOver?.(jobId, fault);
        if (passedOver.has(jobId)) return;
        passedOver.add(jobId);
        observer.onPassedOver?.(jobId, fault);
      };
      const written = await store.claimNext({ ...request, onPassedOver }, decide);
      if (written !== null) {
        const { job } = written;
        held.set(job.id, { epoch: job.epoch, lastSeq: job.lastSeq });
        observer.onTaken?.(job);
        observer.onWritten?.(written, null);
      }
      return written;
    },
    async readJob(jobId) {
      const job = await store.readJob(jobId);
      if (job !== null && job.epoch !== (held.get(jobId)?.epoch ?? job.epoch)) lose(jobId);
      return job;
    },
    async updateJob(jobId, decide) {
      try {
        const written = await store.updateJob(jobId, decide);
        tell(written);
        if (written.job.leaseOwner === null && held.delete(jobId)) observer.onReleased?.(written.job);
        return written;
      } catch (error) {
        if (error instanceof CmoError && error.code === "lease_lost") lose(jobId);
        throw error;
      }
    },
  };
}

/** All of these as one. */
export function joinObservers(observers: readonly JobObserver[]): JobObserver {
  const hearing = observers.filter((observer) => observer.onWritten !== undefined);
  return {
    onTaken: (job) => {
      for (const observer of observers) observer.onTaken?.(job);
    },
    onReleased: (job) => {
      for (const observer of observers) observer.onReleased?.(job);
    },
    onLost: (jobId) => {
      for (const observer of observers) observer.onLost?.(jobId);
    },
    onPassedOver: (jobId, fault) => {
      for (const observer of observers) observer.onPassedOver?.(jobId, fault);
    },
    ...(hearing.length === 0
      ? {}
      : {
          onWritten: (written, missed) => {
            for (const observer of hearing) observer.onWritten?.(written, missed);
          },
        }),
  };
}
