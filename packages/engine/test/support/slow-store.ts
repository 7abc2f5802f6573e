import type { Store } from "../../src/port/store.ts";

/** A store on the other side of a network: every answer takes its time, before what it asks for happens and after. */
export function slowStore(
  inner: Store,
  sleep: (ms: number) => Promise<void>,
  delayMs: Partial<Record<"createJob" | "readJob" | "updateJob" | "claimNext" | "readEvents", number>>,
): Store {
  const slowly =
    <A extends unknown[], R>(ms: number | undefined, run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (ms !== undefined) await sleep(ms);
      const answer = await run(...args);
      if (ms !== undefined) await sleep(ms);
      return answer;
    };
  return {
    ...inner,
    createJob: slowly(delayMs.createJob, inner.createJob),
    readJob: slowly(delayMs.readJob, inner.readJob),
    updateJob: slowly(delayMs.updateJob, inner.updateJob),
    claimNext: slowly(delayMs.claimNext, inner.claimNext),
    readEvents: slowly(delayMs.readEvents, inner.readEvents),
  };
}
