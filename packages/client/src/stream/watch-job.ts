import { jobEventSchema } from "@cmo/contract";
import { type Channel, isTerminalEvent, type JobEvent, type Result } from "@cmo/engine";
import * as v from "valibot";
import { apiPath } from "../http/api-path.ts";
import type { LineReading, StreamProtocol } from "./stream-protocol.ts";

/** Reads a value that should be an event. */
export type ParseEvent = (value: unknown) => Result<JobEvent>;

/** The events of one job: each once, in order, from `after` on. */
export function jobProtocol(
  jobId: string,
  {
    after,
    channels,
    parseEvent,
  }: {
    readonly after: number;
    readonly channels: readonly Channel[] | undefined;
    readonly parseEvent: ParseEvent;
  },
): StreamProtocol<JobEvent> {
  let last = after;
  const about = `the events of ${jobId}`;
  return {
    about,
    lostMessage: `the job may be going on; its outcome is unknown.`,
    path: () => apiPath(["jobs", jobId, "events"], { after: last, channels }),
    opened() {},
    read(line): LineReading<JobEvent> {
      const read = readEventLine(line, parseEvent);
      if (!read.ok) return { kind: "fault", message: "something that is no event" };
      const event = read.value;
      if (event.jobId !== jobId) return { kind: "fault", message: "an event of another job" };
      if (event.seq <= last) return { kind: "seen" };
      if (channels === undefined && event.seq > last + 1) {
        return { kind: "fault", message: `number ${event.seq} after ${last}` };
      }
      last = event.seq;
      return { kind: "item", item: event, isLast: isTerminalEvent(event) };
    },
  };
}

/** A line's JSON; undefined when it is none. */
export function readJsonLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The default: looks at the envelope only, as the contract has it, and gives what came. */
export function parseEnvelope(value: unknown): Result<JobEvent> {
  return isEnvelope(value)
    ? { ok: true, value, warnings: [] }
    : { ok: false, problems: [{ path: [], message: "no event" }] };
}

function isEnvelope(value: unknown): value is JobEvent {
  return v.is(jobEventSchema, value) && Number.isSafeInteger(value.seq) && value.seq >= 1;
}

function readEventLine(line: string, parseEvent: ParseEvent): Result<JobEvent> {
  return parseEvent(readJsonLine(line));
}
