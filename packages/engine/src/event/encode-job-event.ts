import type { JobEvent } from "./job-event.ts";

// Apart from the reading half, so that who only writes events carries no schemas.

/** One line of text, without the line's end. */
export function encodeJobEvent(event: JobEvent): string {
  return JSON.stringify(event);
}
