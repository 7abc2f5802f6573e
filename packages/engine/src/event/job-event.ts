import * as v from "valibot";
import type { Problem } from "../result/problem.ts";
import type { Result } from "../result/result.ts";
import { type EventData, eventDataSchemas, isKnownEventType, type KnownEventType } from "./event-data.ts";

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

const envelopeSchema = v.looseObject({
  v: v.pipe(v.number(), v.integer(), v.minValue(1)),
  jobId: v.pipe(v.string(), v.minLength(1)),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  at: v.pipe(v.string(), v.isoTimestamp()),
  type: v.pipe(v.string(), v.minLength(1)),
  data: v.record(v.string(), v.unknown()),
});

/**
 * Reads an event that came from outside. An event with an unknown type or a later `v` is a right event; a known type
 * of a known version must have the data that its schema says.
 */
export function parseJobEvent(value: unknown): Result<JobEvent> {
  const envelope = v.safeParse(envelopeSchema, value);
  if (!envelope.success) return { ok: false, problems: envelope.issues.map(toProblem) };
  const event = envelope.output as JobEvent;
  if (event.v === eventVersion && isKnownEventType(event.type)) {
    const data = v.safeParse(eventDataSchemas[event.type], event.data);
    if (!data.success) {
      const problems = data.issues.map((issue) => {
        const problem = toProblem(issue);
        return { ...problem, path: ["data", ...problem.path] };
      });
      return { ok: false, problems };
    }
  }
  return { ok: true, value: event, warnings: [] };
}

/** One line of text, without the line's end. */
export function encodeJobEvent(event: JobEvent): string {
  return JSON.stringify(event);
}

/** Reads a line written by {@link encodeJobEvent}; text that is no JSON is a problem, not an exception. */
export function decodeJobEvent(line: string): Result<JobEvent> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const message = `not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, problems: [{ path: [], message }] };
  }
  return parseJobEvent(value);
}

/**
 * The event as one of the known types, or null for one that this version must leave alone. Trusts that the event came
 * out of a log or of {@link parseJobEvent}, and so looks at the type and version only.
 */
export function asKnownEvent(event: JobEvent): KnownJobEvent | null {
  return event.v === eventVersion && isKnownEventType(event.type) ? (event as KnownJobEvent) : null;
}

/** Whether nothing can come after this event in its job's log. */
export function isTerminalEvent(event: { readonly type: string }): boolean {
  return event.type === "job.completed" || event.type === "job.failed" || event.type === "job.cancelled";
}

function toProblem(issue: v.BaseIssue<unknown>): Problem {
  return { path: (issue.path ?? []).map((part) => String(part.key)), message: issue.message };
}
