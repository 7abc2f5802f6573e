import { CmoError, isTerminalStatus, type Job, type TransferHead, toCmoError } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import type { StoreEnd } from "./store-end.ts";

/** What is needed to bring jobs to rest. */
export interface SettleOptions {
  readonly from: StoreEnd;
  readonly host: Pick<Host, "clock">;
  /** As `Engine.pause`, in the store that is copied from. */
  pause(jobId: string): Promise<Job>;
  readonly signal: AbortSignal;
  /** How long a worker is waited for. Default two minutes: it lets go within a second, and its lease ends if it is dead. */
  readonly waitMs?: number;
}

/** Whether somebody works on a job, or may. */
export function isAtRest({ status }: Pick<TransferHead, "status">): boolean {
  return status === "paused" || isTerminalStatus(status);
}

/**
 * Pauses a job that is queued or running, and waits until nobody works on it. True when it is this copy, or one before
 * it that did not come to its end, that has paused it; false for one that somebody else had paused or that has ended.
 * @throws CmoError `conflict` when its worker does not let go in time; `cancelled`.
 */
export async function settleJob(jobId: string, options: SettleOptions): Promise<boolean> {
  const { from, host, pause, signal, waitMs = 120_000 } = options;
  const begunAt = host.clock.now();
  const giveUpAt = begunAt + waitMs;
  for (;;) {
    if (signal.aborted) throw interrupted();
    const job = await from.store.readJob(jobId);
    if (job === null || isTerminalStatus(job.status)) return false;
    if (job.status === "paused") return wasPausedByCopy(from, job);
    // Before the pause, so that a copy that ends here is known to have asked for it.
    await from.store.updateShared(markOf(jobId), () => `asked:${job.lastSeq}`);
    const asked = await askPause(job, pause);
    if (asked?.status === "paused") {
      await from.store.updateShared(markOf(jobId), () => `paused:${asked.lastSeq}`);
      return true;
    }
    const now = host.clock.now();
    if (job.desired !== "cancelled") {
      if (now > giveUpAt) throw held(job);
    } else if (now > Math.min(giveUpAt, begunAt + cancelMs) && (job.leaseUntil ?? 0) <= now) {
      throw beingCancelled(job, from);
    }
    await host.clock.sleep(pollMs, signal);
  }
}

/** Forgets that a copy has paused a job. */
export async function forgetPause({ store }: StoreEnd, jobId: string): Promise<void> {
  await store.updateShared(markOf(jobId), () => null);
}

/** Who pressed Ctrl-C. */
export function interrupted(): CmoError {
  return new CmoError("cancelled", "The copy was interrupted.", {
    hint: "Run it again: it goes on with what is missing. Jobs that it has paused stay paused until then.",
  });
}

async function askPause(job: Job, pause: SettleOptions["pause"]): Promise<Job | null> {
  // One that is being cancelled comes to its end by itself.
  if (job.desired === "cancelled") return null;
  try {
    return await pause(job.id);
  } catch (error) {
    // It was paused, cancelled or came to its end in this moment.
    if (toCmoError(error).code === "conflict") return null;
    throw error;
  }
}

/** It is as the copy left it: whoever resumed and paused it since then has written to its log. */
async function wasPausedByCopy({ store }: StoreEnd, { id, lastSeq }: Job): Promise<boolean> {
  const mark = await store.readShared(markOf(id));
  if (mark === null) return false;
  if (mark.startsWith("asked:")) {
    await store.updateShared(markOf(id), () => `paused:${lastSeq}`);
    return true;
  }
  return mark === `paused:${lastSeq}`;
}

function markOf(jobId: string): string {
  return `copying:pause ${jobId}`;
}

function held({ id, leaseOwner }: Job): CmoError {
  return new CmoError("conflict", `Worker ${leaseOwner ?? "unknown"} does not let go of job ${id}.`, {
    hint: "Look at that worker, end it, and run the copy again.",
  });
}

function beingCancelled({ id }: Job, { name }: StoreEnd): CmoError {
  return new CmoError("conflict", `Job ${id} is being cancelled, and nobody does it.`, {
    hint: `Bring it to its end, and run the copy again: cmo cancel ${id} --store ${name}`,
  });
}

const pollMs = 250;
/** Whoever cancels takes the job at once. */
const cancelMs = 5_000;
