import { encodeJobEvent } from "../event/encode-job-event.ts";
import type { Sink } from "./sink.ts";

/** Writes each event as one line of JSON (NDJSON), line end included, and waits for `write`. */
export function jsonLinesSink(write: (text: string) => void | Promise<void>): Sink {
  return (event) => write(`${encodeJobEvent(event)}\n`);
}
