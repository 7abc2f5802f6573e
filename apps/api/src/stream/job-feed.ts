import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, isTerminalStatus, type Job, type Store } from "@cmo/engine";
import type { ApiMeter } from "../operation/api-meter.ts";
import type { ConnectionUser } from "./connection.ts";
import type { EventPage } from "./event-page.ts";
import type { EventView } from "./event-view.ts";
import type { Feed } from "./feeds.ts";
import { createJobReader, type JobReader } from "./job-reader.ts";
import { createLogReader } from "./log-reader.ts";

/** What {@link openJobFeed} is made of. */
export interface JobFeedOptions {
  readonly store: Store;
  readonly jobId: string;
  readonly clock: Pick<Clock, "now">;
  readonly meter: ApiMeter;
  /** The log cannot be read: the feed has closed, and ended the streams of its readers. */
  onFailed(error: unknown): void;
}

/** One job's log, handed to all who read it. */
export interface JobFeed extends Feed {
  /** Whom the job belongs to. */
  readonly tenant: string;
  /** Whether somebody who has everything up to this seq has the whole log of an ended job. */
  isOver(after: number): boolean;
  /** Somebody who wants what follows `after`; counts as a reader from now on. */
  reader(view: EventView, after: number): ConnectionUser;
}

/** A feed of this job; null when it is not there. */
export async function openJobFeed(options: JobFeedOptions): Promise<JobFeed | null> {
  let rung = false;
  let onRing = () => {
    rung = true;
  };
  // Listening comes before reading: whatever is written in between rings the bell.
  const stopListening = options.store.onNews(options.jobId, () => onRing());
  let job: Job | null = null;
  try {
    job = await options.store.readJob(options.jobId);
  } finally {
    if (job === null) stopListening();
  }
  if (job === null) return null;
  const { feed, ring } = createJobFeed(options, job, stopListening);
  onRing = ring;
  if (rung) ring();
  return feed;
}

function createJobFeed(
  { store, jobId, clock, meter, onFailed }: JobFeedOptions,
  job: Job,
  stopListening: () => void,
): { feed: JobFeed; ring(): void } {
  const log = createLogReader(store, jobId, job.lastSeq, () => clock.now());
  const readers = new Set<JobReader>();
  let ended = isTerminalStatus(job.status);
  let rung = false;
  let pumping = false;
  let closed = false;

  function ring(): void {
    rung = true;
    if (pumping || closed) return;
    pumping = true;
    void pump();
  }

  async function pump(): Promise<void> {
    try {
      // After the end of the log, too: what is erased from it rings.
      while (rung && !closed) {
        rung = false;
        // Whatever else is written in this turn of the loop goes out with it, in one piece.
        await nextTurn();
        const next = closed ? null : await log.next();
        if (next === null || closed) continue;
        if (next.more) rung = true;
        if (next.page.endsLog) ended = true;
        for (const reader of readers) reader.advance();
        measureLag(next.page);
      }
    } catch (error) {
      fail(error);
    } finally {
      pumping = false;
    }
  }

  function measureLag(page: EventPage): void {
    if (readers.size === 0) return;
    const now = clock.now();
    for (const at of page.times()) meter.eventLag(Math.max(0, now - at) / 1_000);
  }

  function fail(error: unknown): void {
    if (closed) return;
    close();
    for (const reader of readers) reader.stop();
    onFailed(error);
  }

  function close(): void {
    closed = true;
    stopListening();
    log.clear();
  }

  const feed: JobFeed = {
    tenant: job.tenant,
    isOver: (after) => ended && after >= log.head(),
    reader(view, after) {
      const reader = createJobReader({
        log,
        view,
        after,
        hasEnded: () => ended,
        onFailed: fail,
        onOpened() {
          if (closed) reader.stop();
        },
        onClosed() {
          readers.delete(reader);
          if (readers.size === 0) log.clear();
        },
      });
      readers.add(reader);
      return reader.user;
    },
    readers: () => readers.size,
    tick: log.expire,
    close,
  };
  return { feed, ring };
}
