import type { JobEvent } from "../event/job-event.ts";
import type { Sink } from "./sink.ts";

/** A sink that keeps what it saw: `events` is the list so far. `sink` is the sink itself, for taking apart. */
export function memorySink(): Sink & { readonly sink: Sink; readonly events: readonly JobEvent[] } {
  const events: JobEvent[] = [];
  const sink: Sink = (event) => void events.push(event);
  return Object.assign(sink, { sink, events });
}
