import type { JobEvent, Result } from "@cmo/engine";

/** Reads a value that should be an event; gives the problems of one that is none. */
export type ParseEvent = (value: unknown) => Result<JobEvent>;

/**
 * The default: looks at the envelope only, and gives what came. By hand, since it is done for every event: the
 * contract's schema takes as long as all the rest of reading one.
 */
export function parseEnvelope(value: unknown): Result<JobEvent> {
  return isEnvelope(value)
    ? { ok: true, value, warnings: [] }
    : { ok: false, problems: [{ path: [], message: "is no event" }] };
}

function isEnvelope(value: unknown): value is JobEvent {
  if (!isRecord(value)) return false;
  const { v, jobId, seq, at, type, data } = value;
  return (
    typeof v === "number" &&
    typeof jobId === "string" &&
    typeof seq === "number" &&
    Number.isSafeInteger(seq) &&
    seq >= 1 &&
    typeof at === "string" &&
    typeof type === "string" &&
    isRecord(data)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that a line holds; undefined, which is no event, when it is no JSON. */
export function readJsonLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
