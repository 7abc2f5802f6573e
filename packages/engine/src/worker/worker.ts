import { toCmoError } from "../error/cmo-error.ts";
import { type Claimed, claimChecked } from "../job/checked-write.ts";
import { claimChange } from "../job/job-changes.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { createBell } from "../task/bell.ts";
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
  const bell = createBell();
  const offNews = parts.store.onNews(null, lookAgain);
  const offAbort = onAbort(signal, bell.ring);
  const workerId = createWorkerId(parts);
  const running = new Set<Promise<void>>();
  const claiming = new Set<Promise<void>>();
  /** Grows with all that may mean work: news, a place that is free again, a poll. */
  let turn = 0;
  /** The last turn in which nothing was found. */
  let emptyTurn = -1;
  let wasFound = false;
  let failure: { readonly error: unknown } | null = null;

  function lookAgain(): void {
    turn += 1;
    bell.ring();
  }

  function run(claimed: Claimed): void {
    // A run rejects only when its end could not be stored; its lease runs out, and it is claimed again.
    const work: Promise<void> = runClaimed(parts, workerId, claimed, signal, onRun)
      .catch(() => {})
      .then(() => {
        running.delete(work);
        lookAgain();
      });
    running.add(work);
  }

  function ask(): void {
    const asked = turn;
    const asking: Promise<void> = claimIfReachable(parts, workerId)
      .then((claimed) => {
        wasFound = claimed !== null;
        if (claimed === null) emptyTurn = Math.max(emptyTurn, asked);
        else run(claimed);
      })
      .catch((error: unknown) => {
        failure = { error };
      })
      .then(() => {
        claiming.delete(asking);
        bell.ring();
      });
    claiming.add(asking);
  }

  try {
    while (!signal.aborted) {
      const rung = bell.next();
      // One asks; while jobs are found, as many ask at once as there are places for: each claim waits for the disk.
      const free = concurrency - running.size - claiming.size;
      const asks = emptyTurn >= turn ? 0 : wasFound ? free : Math.min(free, 1 - claiming.size);
      for (let place = 0; place < asks; place += 1) ask();
      if (await isPollOver(rung, parts, signal)) turn += 1;
      if (failure !== null) throw (failure as { readonly error: unknown }).error;
    }
  } finally {
    offNews();
    offAbort();
    // Who asks may still be given a job: it is handed back.
    await Promise.all(claiming);
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
      if (claimed === null) await isPollOver(news, parts, signal);
      else await runClaimed(parts, workerId, claimed, signal, onRun);
    }
  } finally {
    bell.off();
  }
}

function claim(parts: EngineParts, workerId: string, jobId?: string): Promise<Claimed | null> {
  return claimChecked(parts.store, jobId === undefined ? { limits: parts.limits } : { jobId }, (job, now) =>
    claimChange(job, now, parts.digest, { workerId, leaseMs: parts.leaseMs }),
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

/**
 * Waits for a ring, at most for one poll: a job whose time has come, or whose lease ran out, rings no bell. Tells whether
 * it was the poll.
 */
async function isPollOver(
  rung: Promise<void>,
  { clock, pollMs }: EngineParts,
  signal: AbortSignal,
): Promise<boolean> {
  const timer = new AbortController();
  const off = onAbort(signal, () => timer.abort());
  const isOver = await Promise.race([
    rung.then(() => false),
    clock.sleep(pollMs, timer.signal).then(() => true),
  ]);
  timer.abort();
  off();
  return isOver;
}

function createWorkerId({ random }: EngineParts): string {
  return `worker-${Math.floor(random() * 2 ** 48).toString(36)}`;
}
