import type { Store } from "../port/store.ts";
import type { Sink } from "../sink/sink.ts";
import { watchJob } from "./watch.ts";

/** A sink that is being fed from a job's log, at its own pace. */
export interface SinkFeed {
  /** Resolves when everything up to `lastSeq` was taken, or the sink was dropped. */
  drain(lastSeq: number): Promise<void>;
}

/** How a sink is fed. */
export interface FeedOptions {
  /** It gets events with a greater seq. */
  after: number;
  /** Hears of the error when the sink throws; it then gets nothing more. */
  onDropped(error: unknown): void;
}

/** Feeds a sink from a job's log. */
export function feedSink(
  store: Store,
  jobId: string,
  sink: Sink,
  { after, onDropped }: FeedOptions,
): SinkFeed {
  const controller = new AbortController();
  let taken = after;
  let until: number | null = null;

  const feeding = (async () => {
    for await (const event of watchJob(store, jobId, { after, signal: controller.signal })) {
      try {
        await sink(event);
      } catch (error) {
        onDropped(error);
        return;
      }
      taken = event.seq;
      if (until !== null && taken >= until) return;
    }
  })();

  // Whoever drains hears of a log that could not be read; until then it is nobody's unhandled rejection.
  feeding.catch(() => {});

  return {
    drain(lastSeq) {
      until = lastSeq;
      if (taken >= lastSeq) controller.abort();
      return feeding;
    },
  };
}
