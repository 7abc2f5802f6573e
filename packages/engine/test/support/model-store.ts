import type fc from "fast-check";
import type { Job } from "../../src/job/job.ts";
import { hasLiveLease } from "../../src/job/live-lease.ts";
import type { Store } from "../../src/port/store.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/fake-clock.ts";

/** One clock of one machine, which somebody may set. */
export function jumpingClock(): FakeClock & { jump(ms: number): void } {
  const base = createFakeClock();
  let offset = 0;
  return {
    ...base,
    now: () => base.now() + offset,
    jump(ms) {
      offset += ms;
    },
  };
}

/** A store that notes what is written through it to jobs that were not claimed through it, or are claimed no longer. */
export function witnessed(inner: Store, unheld: string[]): Store {
  const claimed = new Set<string>();
  const claimOf = ({ id, epoch, leaseOwner }: Job) => `${id} ${epoch} ${leaseOwner}`;
  return {
    ...inner,
    async claimNext(request, decide) {
      const write = await inner.claimNext(request, decide);
      if (write !== null) claimed.add(claimOf(write.job));
      return write;
    },
    updateJob: (jobId, decide) =>
      inner.updateJob(jobId, (job, now) => {
        const change = decide(job, now);
        if (!claimed.has(claimOf(job)) || !hasLiveLease(job, now)) unheld.push(claimOf(job));
        return change;
      }),
  };
}

/** A store whose answers come in any order, and none while the process is frozen. */
export function scheduled(inner: Store, scheduler: fc.Scheduler, awake: () => Promise<void>): Store {
  const later =
    <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const turn = scheduler.schedule(Promise.resolve());
      setImmediate(() => void scheduler.waitOne());
      await turn;
      await awake();
      const answer = await run(...args);
      await awake();
      return answer;
    };
  return {
    ...inner,
    updateJob: later(inner.updateJob),
    claimNext: later(inner.claimNext),
    readTaskResults: later(inner.readTaskResults),
    readJob: later(inner.readJob),
  };
}
