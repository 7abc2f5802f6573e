import { jobEventSchema } from "@cmo/contract";
import type { JobEvent, Result } from "@cmo/engine";
import * as v from "valibot";

/** Reads a value that should be an event; gives the problems of one that is none. */
export type ParseEvent = (value: unknown) => Result<JobEvent>;

/** The default: looks at the envelope only, as the contract has it, and gives what came. */
export function parseEnvelope(value: unknown): Result<JobEvent> {
  return isEnvelope(value)
    ? { ok: true, value, warnings: [] }
    : { ok: false, problems: [{ path: [], message: "is no event" }] };
}

function isEnvelope(value: unknown): value is JobEvent {
  return v.is(jobEventSchema, value) && Number.isSafeInteger(value.seq) && value.seq >= 1;
}

/** The value that a line holds; undefined, which is no event, when it is no JSON. */
export function readJsonLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
