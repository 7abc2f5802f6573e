import { toCmoError } from "../error/cmo-error.ts";
import { type Claimed, claimChecked } from "../job/checked-write.ts";
import { claimChange } from "../job/job-changes.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { openNews } from "../task/news.ts";
import { onAbort } from "../task/on-abort.ts";
import type { EngineParts } from "./engine-parts.ts";
import { type RunJobOptions, runJob } from "./run-job.ts";

/** Options of a worker. */
export interface WorkerOptions {
  parts: EngineParts;
  /** How many jobs it works on at once; at least 1. */
  concurrency: number;
  /** Stops the worker: jobs that run are handed back. */
  signal: AbortSignal;
  onRun: RunJobOptions["onRun"];
}

/**
 * Takes jobs from the queue and works on them until `signal` aborts; resolves when all are handed back. A store that is
 * out of reach for a while is asked again at the next poll. @throws what the store says that another try cannot mend.
 */
export async function runWorker({ parts, concurrency, signal, onRun }: WorkerOptions): Promise<void> {
  const bell = openNews(parts.store, null, signal);
  const workerId = createWorkerId(parts);
  const running = new Set<Promise<void>>();
  try {
    while (!signal.aborted) {
      const news = bell.next();
      const claimed = running.size < concurrency ? await claimIfReachable(parts, workerId) : null;
      if (claimed !== null) {
        // A run rejects only when its end could not be stored; its lease runs out, and it is claimed again.
        const run: Promise<void> = runClaimed(parts, workerId, claimed, signal, onRun)
          .catch(() => {})
          .then(() => {
            running.delete(run);
            bell.ring();
          });
        running.add(run);
        continue;
      }
      await waitFor(news, parts, signal);
    }
  } finally {
    bell.off();
    await Promise.all(running);
  }
}

/**
 * Works on one job until it has ended or is paused, through all of its attempts; while another worker holds it, waits.
 * With `signal`, the job is handed back and the function returns.
 */
export async function runOneJob(
  jobId: string,
  { parts, signal, onRun }: Omit<WorkerOptions, "concurrency">,
): Promise<void> {
  const bell = openNews(parts.store, jobId, signal);
  const workerId = createWorkerId(parts);
  try {
    for (;;) {
      const news = bell.next();
      const job = await parts.store.readJob(jobId);
      if (job === null || signal.aborted || isTerminalStatus(job.status) || job.status === "paused") return;
      const claimed = await claim(parts, workerId, jobId);
      if (claimed === null) await waitFor(news, parts, signal);
      else await runClaimed(parts, workerId, claimed, signal, onRun);
    }
  } finally {
    bell.off();
  }
}

function claim(parts: EngineParts, workerId: string, jobId?: string): Promise<Claimed | null> {
  return claimChecked(parts.store, jobId === undefined ? {} : { jobId }, (job, now) =>
    claimChange(job, now, { workerId, leaseMs: parts.leaseMs }),
  );
}

async function claimIfReachable(parts: EngineParts, workerId: string): Promise<Claimed | null> {
  try {
    return await claim(parts, workerId);
  } catch (error) {
    if (toCmoError(error).retryable) return null;
    throw error;
  }
}

function runClaimed(
  parts: EngineParts,
  workerId: string,
  { job, violation }: Claimed,
  shutdown: AbortSignal,
  onRun: RunJobOptions["onRun"],
): Promise<void> {
  const lease = { jobId: job.id, epoch: job.epoch, workerId, leaseMs: parts.leaseMs };
  return runJob({ parts, job, lease, violation, shutdown, onRun });
}

/** Waits for news, at most for one poll: a job whose time has come, or whose lease ran out, rings no bell. */
async function waitFor(
  news: Promise<void>,
  { clock, pollMs }: EngineParts,
  signal: AbortSignal,
): Promise<void> {
  const timer = new AbortController();
  const off = onAbort(signal, () => timer.abort());
  await Promise.race([news, clock.sleep(pollMs, timer.signal)]);
  timer.abort();
  off();
}

function createWorkerId({ random }: EngineParts): string {
  return `worker-${Math.floor(random() * 2 ** 48).toString(36)}`;
}
