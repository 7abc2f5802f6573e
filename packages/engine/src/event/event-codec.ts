import * as v from "valibot";
import type { Problem } from "../result/problem.ts";
import type { Result } from "../result/result.ts";
import { eventDataSchemas } from "./event-data.ts";
import { isKnownEventType } from "./event-type.ts";
import { eventVersion, type JobEvent } from "./job-event.ts";

/**
 * Reads an event that came from outside. An event with an unknown type or a later `v` is a right event; a known type
 * of a known version must have the data that its schema says. Keys of the data that name a prototype are dropped.
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

/** Reads a line written by `encodeJobEvent`; text that is no JSON is a problem, not an exception. */
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

const envelopeSchema = v.looseObject({
  v: v.pipe(v.number(), v.integer(), v.minValue(1)),
  jobId: v.pipe(v.string(), v.minLength(1)),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  at: v.pipe(v.string(), v.isoTimestamp()),
  type: v.pipe(v.string(), v.minLength(1)),
  data: v.record(v.string(), v.unknown()),
});

function toProblem(issue: v.BaseIssue<unknown>): Problem {
  return { path: (issue.path ?? []).map((part) => String(part.key)), message: issue.message };
}
