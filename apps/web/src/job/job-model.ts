import type { Client, Connection, JobDetail } from "@cmo/client";
import { type CmoError, channelOf, type JobEvent, type RunSummary, toCmoError } from "@cmo/engine";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createFrameBatch } from "../frame/frame-batch.ts";
import type { Access } from "../session/access.ts";
import { createTimeline, type Moment, type Timeline } from "../timeline/timeline.ts";

/** One job as a page shows it: its log as it comes, and the place of it that is looked at. */
export interface JobModel {
  readonly jobId: string;
  /** Null for a job out of a file. */
  readonly server: JobServer | null;
  /** The summary at its end, where a file holds it; a log alone names nobody. */
  readonly outcome: RunSummary | null;
  readonly timeline: Timeline;
  /** The newest moment; whoever reads it is told when events have come. */
  readonly live: ReadonlySignal<Moment>;
  /** The seq that is looked at; null for the newest. */
  readonly place: Signal<number | null>;
  /** The moment that is looked at. */
  readonly shown: ReadonlySignal<Moment>;
}

/** What is known of a job beside its log, from its server. */
export interface JobServer {
  readonly detail: ReadonlySignal<JobDetail | null>;
  readonly connection: ReadonlySignal<Connection | null>;
  readonly failure: ReadonlySignal<CmoError | null>;
  /** Whether the server knows of an estimate: of a job that had ended when it was opened, it does not. */
  readonly isEstimated: ReadonlySignal<boolean>;
  /** Asks for {@link detail} anew. */
  refresh(): Promise<void>;
  close(): void;
}

/** A job of a server, followed to its end. */
export function openJobModel(client: Client, access: Access, jobId: string): JobModel {
  const stop = new AbortController();
  const detail = signal<JobDetail | null>(null);
  const connection = signal<Connection | null>(null);
  const [logFailure, detailFailure] = [signal<CmoError | null>(null), signal<CmoError | null>(null)];
  const failure = computed(() => logFailure.value ?? detailFailure.value);
  const isEstimated = signal(false);
  const { timeline, live, append, ...model } = emptyModel(jobId);
  const batch = createFrameBatch<JobEvent>((events) => {
    append(events);
    if (events.some(({ type }) => channelOf(type) === "job")) void refresh();
  });

  async function refresh(): Promise<void> {
    try {
      const found = await client.job(jobId);
      if (stop.signal.aborted) return;
      detail.value = found;
      detailFailure.value = null;
    } catch (error) {
      fail(detailFailure, error);
    }
  }

  /** What an estimate rests on has to be there before the event that starts the run is folded. */
  async function learn(): Promise<void> {
    await refresh();
    const { estimate = null, estimateGrounds = null } = detail.value ?? {};
    isEstimated.value = estimate !== null;
    timeline.learn(estimateGrounds);
  }

  function fail(of: Signal<CmoError | null>, error: unknown): void {
    if (stop.signal.aborted || access.notice(error)) return;
    of.value = toCmoError(error);
  }

  async function follow(): Promise<void> {
    try {
      const events = client.watch(jobId, {
        signal: stop.signal,
        giveUpAfterMs: Number.POSITIVE_INFINITY,
        onConnection(told) {
          if (stop.signal.aborted) return;
          connection.value = told;
          // A server that was away when it was asked is asked again once it is heard.
          if (told.state === "live" && detailFailure.value !== null) void refresh();
        },
      });
      let isLearnt = false;
      for await (const event of events) {
        if (event.type === "job.started" && !isLearnt) {
          isLearnt = true;
          await learn();
        }
        batch.add(event);
      }
      batch.flush();
    } catch (error) {
      fail(logFailure, error);
    }
  }

  void refresh();
  void follow();
  const server: JobServer = {
    detail,
    connection,
    failure,
    isEstimated,
    refresh,
    close() {
      stop.abort();
      batch.close();
    },
  };
  return { ...model, jobId, server, outcome: null, timeline, live };
}

/** A job whose events are all there, out of a file. */
export function savedJobModel(
  jobId: string,
  events: readonly JobEvent[],
  outcome: RunSummary | null,
): JobModel {
  const { append, ...model } = emptyModel(jobId);
  append(events);
  return { ...model, server: null, outcome };
}

function emptyModel(jobId: string) {
  const timeline = createTimeline();
  const live = signal(timeline.at(0));
  const place = signal<number | null>(null);
  const shown = computed(() => {
    const newest = live.value;
    return place.value === null ? newest : timeline.at(place.value);
  });
  return {
    jobId,
    timeline,
    live,
    place,
    shown,
    append(events: readonly JobEvent[]) {
      timeline.append(events);
      live.value = timeline.at(Number.POSITIVE_INFINITY);
    },
  };
}
