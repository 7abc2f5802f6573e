import type { EventData } from "./event-data.ts";
import { isKnownEventType, type KnownEventType } from "./event-type.ts";

/** The version of the envelope that this engine writes. */
export const eventVersion = 1;

/**
 * One fact in a job's log. `seq` counts from 1 without a gap, per job; `at` is an ISO instant of the store's clock.
 * `type` may be one that this version does not know: such an event is kept and passed on, and changes no fold.
 */
export interface JobEvent {
  readonly v: number;
  readonly jobId: string;
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event of a type and version that this engine knows, with its data parsed. */
export type KnownJobEvent = {
  [T in KnownEventType]: Omit<JobEvent, "type" | "data"> & { readonly type: T; readonly data: EventData<T> };
}[KnownEventType];

/**
 * The event as one of the known types, or null for one that this version must leave alone. Trusts that the event came
 * out of a log or of `parseJobEvent`, and so looks at the type and version only.
 */
export function asKnownEvent(event: JobEvent): KnownJobEvent | null {
  return event.v === eventVersion && isKnownEventType(event.type) ? (event as KnownJobEvent) : null;
}

/** Whether nothing can come after this event in its job's log. */
export function isTerminalEvent(event: { readonly type: string }): boolean {
  return event.type === "job.completed" || event.type === "job.failed" || event.type === "job.cancelled";
}
