import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, CmoError, type Job, type Store } from "@cmo/engine";
import type { ApiMeter, StreamForm } from "../operation/api-meter.ts";
import type { ConnectionUser } from "./connection.ts";
import { createEventPage } from "./event-page.ts";
import type { EventView } from "./event-view.ts";
import type { Feed } from "./feeds.ts";
import { snapshotFrame } from "./snapshot-frame.ts";
import { createTenantJobs, isOpenJob } from "./tenant-jobs.ts";
import { createTenantReader, type TenantReader } from "./tenant-reader.ts";

/** What {@link createTenantFeed} is made of. */
export interface TenantFeedOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly clock: Clock;
  readonly meter: ApiMeter;
  /** The store cannot be read: the feed has closed, and ended the streams of its readers. */
  onFailed(error: unknown): void;
}

/** The events of all jobs of a tenant, handed to all who read them. */
export interface TenantFeed extends Feed {
  /** Somebody who wants these jobs, or all (null); counts as a reader from now on. */
  reader(view: EventView, jobIds: ReadonlySet<string> | null): ConnectionUser;
}

interface FollowedJob {
  /** The seq up to which everything was offered to readers. */
  cursor: number;
  stopListening(): void;
}

const pageEvents = 128;
/** Everything that is written rings; for new jobs it is looked at most this often. */
const arrivalsMs = 25;

/** A feed of a tenant's jobs. It reads nothing before there is a reader. */
export function createTenantFeed(options: TenantFeedOptions): TenantFeed {
  const { store, clock, meter, onFailed } = options;
  const jobs = createTenantJobs(store, options.tenant, clock);
  const followed = new Map<string, FollowedJob>();
  const readers = new Set<TenantReader>();
  const welcomed = new Set<TenantReader>();
  const rung = new Set<string>();
  const closing = new AbortController();
  let newcomers: TenantReader[] = [];
  let begun = false;
  let looking = false;
  let arrivals = false;
  let pumping = false;

  const stopListening = store.onNews(null, () => {
    if (looking) return;
    looking = true;
    void clock.sleep(arrivalsMs, closing.signal).then(() => {
      looking = false;
      arrivals = true;
      wake();
    });
  });

  function wake(): void {
    if (pumping || closing.signal.aborted) return;
    pumping = true;
    void pump();
  }

  async function pump(): Promise<void> {
    try {
      while ((arrivals || newcomers.length > 0 || rung.size > 0) && !closing.signal.aborted) {
        await nextTurn();
        if (arrivals) await followArrivals();
        if (newcomers.length > 0) await welcome();
        const due = [...rung];
        rung.clear();
        for (const jobId of due) await forward(jobId);
      }
    } catch (error) {
      fail(error);
    } finally {
      pumping = false;
    }
  }

  async function followArrivals(): Promise<void> {
    arrivals = false;
    // The first reader is about to be told of all.
    if (!begun) return;
    const arrived = await jobs.arrived();
    jobs.note(arrived);
    for (const { id } of arrived) follow(id, 0);
  }

  function follow(jobId: string, cursor: number): void {
    if (followed.has(jobId) || closing.signal.aborted) return;
    const ring = () => {
      rung.add(jobId);
      wake();
    };
    followed.set(jobId, { cursor, stopListening: store.onNews(jobId, ring) });
    // Something may have been written since it was looked at.
    rung.add(jobId);
  }

  function unfollow(jobId: string): void {
    followed.get(jobId)?.stopListening();
    followed.delete(jobId);
  }

  /** Those who came get snapshots, all from the same look at the store, and from then on what everybody gets. */
  async function welcome(): Promise<void> {
    const coming = newcomers;
    newcomers = [];
    const wantsAll = coming.some(({ jobIds }) => jobIds === null);
    const all = wantsAll || !begun ? await jobs.current() : [];
    const names = new Set(coming.flatMap(({ jobIds }) => [...(jobIds ?? [])]));
    const named = await jobs.named(names);
    for (const job of [...all, ...named]) {
      if (isOpenJob(job) || (begun && jobs.isNew(job))) follow(job.id, begun ? 0 : job.lastSeq);
    }
    jobs.note(all);
    begun = true;
    const frames = { sse: new Map<string, Buffer>(), ndjson: new Map<string, Buffer>() };
    for (const reader of coming) {
      if (!readers.has(reader)) continue;
      const { jobIds } = reader;
      const wanted = jobIds === null ? all : named.filter(({ id }) => jobIds.has(id));
      for (const { id, lastSeq } of wanted) {
        if ((followed.get(id)?.cursor ?? lastSeq) < lastSeq) reader.skipTo(id, lastSeq);
      }
      reader.begin(wanted.map((job) => frameOf(job, reader.form, frames[reader.form])));
      welcomed.add(reader);
    }
  }

  async function forward(jobId: string): Promise<void> {
    for (let job = followed.get(jobId); job !== undefined; job = followed.get(jobId)) {
      const events = await readEvents(jobId, job.cursor);
      if (events === null || closing.signal.aborted) return;
      if (events.length === 0) return;
      const page = createEventPage(events, job.cursor);
      for (const reader of welcomed) reader.offer(jobId, page, job.cursor);
      job.cursor = page.last;
      const now = clock.now();
      for (const at of page.times()) meter.eventLag(Math.max(0, now - at) / 1_000);
      if (page.endsLog) unfollow(jobId);
      if (events.length < pageEvents) return;
    }
  }

  /** Null for a job that was erased, or whose log cannot be read: that is told to who reads it alone. */
  async function readEvents(jobId: string, after: number) {
    try {
      return await store.readEvents(jobId, after, pageEvents);
    } catch (error) {
      const isOfThisJob =
        error instanceof CmoError && /^(not_found|store_corrupt|job_newer)$/.test(error.code);
      if (!isOfThisJob) throw error;
      unfollow(jobId);
      return null;
    }
  }

  function fail(error: unknown): void {
    if (closing.signal.aborted) return;
    close();
    for (const reader of readers) reader.stop();
    onFailed(error);
  }

  function close(): void {
    closing.abort();
    stopListening();
    for (const jobId of followed.keys()) unfollow(jobId);
  }

  return {
    reader(view, jobIds) {
      const reader = createTenantReader({
        view,
        jobIds,
        onOpened() {
          if (closing.signal.aborted) return reader.stop();
          newcomers.push(reader);
          wake();
        },
        onClosed() {
          readers.delete(reader);
          welcomed.delete(reader);
        },
      });
      readers.add(reader);
      return reader.user;
    },
    readers: () => readers.size,
    tick() {},
    close,
  };
}

function frameOf(job: Job, form: StreamForm, known: Map<string, Buffer>): Buffer {
  const frame = known.get(job.id) ?? snapshotFrame(job, form);
  known.set(job.id, frame);
  return frame;
}
