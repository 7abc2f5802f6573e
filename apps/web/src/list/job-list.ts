import {
  type Client,
  type Connection,
  isJobSnapshot,
  type JobPage,
  type JobView,
  type MultiplexedItem,
} from "@cmo/client";
import { CmoError, channelOf, initialProgress, reduceProgress, toCmoError } from "@cmo/engine";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { createFrameBatch } from "../frame/frame-batch.ts";
import type { Access } from "../session/access.ts";
import { type JobRow, rowOfView, withView } from "./job-row.ts";

/** All jobs, live: one page of the list, and one stream over everything that happens. */
export interface JobList {
  /** The newest first. */
  readonly rows: ReadonlySignal<readonly JobRow[]>;
  /** Jobs that are not among them, since the store cannot read them. */
  readonly unreadable: ReadonlySignal<readonly UnreadableJob[]>;
  /** Whether the list has come. */
  readonly isLoaded: ReadonlySignal<boolean>;
  /** Whether there are older ones that were not asked for yet. */
  readonly hasMore: ReadonlySignal<boolean>;
  readonly connection: ReadonlySignal<Connection | null>;
  readonly failure: ReadonlySignal<CmoError | null>;
  /** Asks for older ones; what comes of it in vain is told by {@link failure}. */
  more(): Promise<void>;
  /** Leaves out a job that was erased. */
  drop(jobId: string): void;
}

/** What is told of a job that cannot be read. */
export type UnreadableJob = NonNullable<JobPage["unreadable"]>[number];

const pageJobs = 100;

/** The list over a client; begins anew when the client changes, as it does with the key. */
export function createJobList(client: ReadonlySignal<Client>, access: Access): JobList {
  const rows = signal<readonly JobRow[]>([]);
  const unreadable = signal<readonly UnreadableJob[]>([]);
  const isLoaded = signal(false);
  const next = signal<string | null>(null);
  const hasMore = signal(false);
  const connection = signal<Connection | null>(null);
  const failure = signal<CmoError | null>(null);
  const byId = new Map<string, JobRow>();
  let asked = new Set<string>();

  function show(): void {
    rows.value = [...byId.values()].sort(newestFirst);
  }

  function take(views: readonly JobView[]): void {
    for (const view of views) {
      const row = byId.get(view.id);
      byId.set(view.id, row === undefined ? rowOfView(view) : withView(row, view));
    }
    show();
  }

  const batch = createFrameBatch<readonly [of: Client, item: MultiplexedItem]>((items) => {
    for (const [of, item] of items) {
      if (of !== client.value) continue;
      const row = byId.get(item.jobId);
      if (isJobSnapshot(item)) {
        const { jobId: id, name, progress, lastSeq } = item;
        byId.set(id, { id, name, progress, lastSeq, view: row?.view ?? null });
        if (row?.view == null) ask(id);
      } else {
        const known = row ?? emptyRow(item.jobId);
        if (item.seq > known.lastSeq) {
          byId.set(item.jobId, {
            ...known,
            progress: reduceProgress(known.progress, item),
            lastSeq: item.seq,
          });
        }
        if (row === undefined || channelOf(item.type) === "job") ask(item.jobId);
      }
    }
    show();
  });

  /** Asks for what events do not tell, for all that came together. */
  function ask(jobId: string): void {
    if (asked.size === 0) setTimeout(answer, 150);
    asked.add(jobId);
  }

  async function answer(): Promise<void> {
    const of = client.value;
    const ids = asked;
    asked = new Set();
    for (const id of ids) {
      try {
        const view = await of.job(id);
        if (of !== client.value) return;
        take([view]);
      } catch (error) {
        if (of !== client.value) return;
        if (error instanceof CmoError && error.code === "not_found") byId.delete(id);
      }
    }
    show();
  }

  async function page(of: Client, after: string | null): Promise<void> {
    const found = await of.jobs({ limit: pageJobs, ...(after === null ? {} : { after }) });
    if (of !== client.value) return;
    next.value = found.next;
    hasMore.value = found.next !== null;
    const told = found.unreadable ?? [];
    unreadable.value = after === null ? told : [...unreadable.value, ...told];
    take(found.jobs);
    isLoaded.value = true;
  }

  effect(() => {
    const of = client.value;
    const stop = new AbortController();
    byId.clear();
    asked = new Set();
    // With another key one may be another tenant, who is shown nothing of what the one before saw.
    rows.value = [];
    next.value = null;
    hasMore.value = false;
    unreadable.value = [];
    isLoaded.value = false;
    void follow(of, stop.signal);
    return () => stop.abort();
  });

  async function follow(of: Client, stop: AbortSignal): Promise<void> {
    try {
      failure.value = null;
      await page(of, null);
      const options = {
        signal: stop,
        channels: ["stage", "metrics"] as const,
        onConnection: (told: Connection) => {
          if (!stop.aborted) connection.value = told;
        },
      };
      for await (const item of of.watchMany(options)) batch.add([of, item]);
    } catch (error) {
      if (stop.aborted || access.notice(error)) return;
      failure.value = toCmoError(error);
      // A server that is not there yet may come; the stream's own patience begins only once it was heard.
      setTimeout(() => {
        if (!stop.aborted) void follow(of, stop);
      }, 3_000);
    }
  }

  return {
    rows,
    unreadable,
    isLoaded,
    hasMore,
    connection,
    failure,
    async more() {
      if (next.value === null) return;
      try {
        await page(client.value, next.value);
        failure.value = null;
      } catch (error) {
        if (!access.notice(error)) failure.value = toCmoError(error);
      }
    },
    drop(jobId) {
      byId.delete(jobId);
      show();
    },
  };
}

function emptyRow(id: string): JobRow {
  return { ...rowless, id, name: id };
}

const rowless: Omit<JobRow, "id" | "name"> = { progress: initialProgress([]), lastSeq: 0, view: null };

/** By the time of the submit, which the id does not tell; those not asked for yet are new. */
function newestFirst(one: JobRow, other: JobRow): number {
  const [mine, others] = [one.view?.createdAt ?? "9", other.view?.createdAt ?? "9"];
  if (mine !== others) return mine < others ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}
