import type { JobEvent } from "../event/job-event.ts";

/** Consumes events, in the order of the log. One that throws or rejects is dropped; it cannot stop the work. */
export type Sink = (event: JobEvent) => void | Promise<void>;
