import type { JobEvent } from "../event/job-event.ts";
import type { Sink } from "./sink.ts";

/** One sink out of several. */
export interface MultiplexedSink extends Sink {
  /** An engine feeds these one by one, each at its own pace, and says in the log which of them failed. */
  readonly members?: readonly Sink[];
}

/**
 * One sink out of several. Where it is called itself, each event goes to all of them, and the next one only when all
 * are done with it; a sink that fails gets nothing more, and the multiplexed sink never fails.
 */
export function multiplex(members: readonly Sink[]): MultiplexedSink {
  const alive = new Set(members);
  const feed = async (sink: Sink, event: JobEvent) => {
    try {
      await sink(event);
    } catch {
      alive.delete(sink);
    }
  };
  const all: Sink = async (event) => {
    await Promise.all([...alive].map((sink) => feed(sink, event)));
  };
  return Object.assign(all, { members });
}
