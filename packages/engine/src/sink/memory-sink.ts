import type { JobEvent } from "../event/job-event.ts";
import type { Sink } from "./sink.ts";

/** Keeps what it saw: `sink` takes events, `events` is the list of them so far. */
export function memorySink(): { readonly sink: Sink; readonly events: readonly JobEvent[] } {
  const events: JobEvent[] = [];
  return { sink: (event) => void events.push(event), events };
}
