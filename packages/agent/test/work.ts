import { type Engine, isTerminalStatus, type Store } from "@cmo/engine";

/** Lets a worker work until the job has ended or `until` says so; then the worker is gone. */
export async function work(
  engine: Engine,
  store: Store,
  jobId: string,
  until: () => boolean = () => false,
): Promise<void> {
  const stop = new AbortController();
  const worker = engine.startWorker({ signal: stop.signal }).catch(() => {});
  for (let turn = 0; turn < 20_000; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const job = await store.readJob(jobId);
    if (job === null || isTerminalStatus(job.status) || until()) break;
  }
  stop.abort();
  await worker;
}
