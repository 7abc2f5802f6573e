import type { JobEvent } from "../event/job-event.ts";
import type { Sink } from "./sink.ts";

/**
 * One sink out of several. Each event goes to all of them, and the next one only when all are done with it. A sink
 * that fails gets nothing more; `onError` is told once. The multiplexed sink itself never fails.
 */
export function multiplex(
  sinks: readonly Sink[],
  onError: (error: unknown, sink: Sink) => void = () => {},
): Sink {
  const alive = new Set(sinks);
  return async (event) => {
    await Promise.all([...alive].map((sink) => feed(sink, event)));
  };

  async function feed(sink: Sink, event: JobEvent): Promise<void> {
    try {
      await sink(event);
    } catch (error) {
      alive.delete(sink);
      onError(error, sink);
    }
  }
}
