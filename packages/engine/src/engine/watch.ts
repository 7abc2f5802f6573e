import { CmoError } from "../error/cmo-error.ts";
import { type Channel, channelFilter } from "../event/channel.ts";
import { isTerminalEvent, type JobEvent } from "../event/job-event.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import type { Store } from "../port/store.ts";
import { openNews } from "../task/news.ts";

/** What a watcher asks for. */
export interface WatchOptions {
  /** Events with a greater seq. Default 0: all. */
  after?: number;
  /** Only these channels, and the job channel. Default all. */
  channels?: readonly Channel[];
  /** Ends the watch. */
  signal?: AbortSignal;
}

const pageSize = 500;

/**
 * A job's events in order, first those that are there and then each as it comes, without a gap and without a repeat,
 * until the terminal event, which is always given. @throws CmoError `not_found`.
 */
export async function* watchJob(
  store: Store,
  jobId: string,
  { after = 0, channels, signal }: WatchOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const passes = channelFilter(channels);
  // Listening comes before reading: whatever is written in between rings the bell.
  const bell = openNews(store, jobId, signal);
  try {
    let seq = Math.max(0, after);
    while (signal?.aborted !== true) {
      const news = bell.next();
      const events = await store.readEvents(jobId, seq, pageSize);
      for (const event of events) {
        if (signal?.aborted) return;
        if (event.seq !== seq + 1) throw gap(jobId, seq, event.seq);
        seq = event.seq;
        if (passes(event.type)) yield event;
        if (isTerminalEvent(event)) return;
      }
      if (events.length > 0) continue;
      if (await hasEnded(store, jobId, seq)) return;
      if (!signal?.aborted) await news;
    }
  } finally {
    bell.off();
  }
}

/** A reader that already has the terminal event, or asks for what lies behind it, is at the end. */
async function hasEnded(store: Store, jobId: string, seq: number): Promise<boolean> {
  const job = await store.readJob(jobId);
  if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store any more.`);
  return isTerminalStatus(job.status) && seq >= job.lastSeq;
}

function gap(jobId: string, seq: number, next: number): CmoError {
  return new CmoError("invariant_violated", `The log of ${jobId} goes from ${seq} to ${next}.`);
}
