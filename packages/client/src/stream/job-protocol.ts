import { type Channel, isTerminalEvent, type JobEvent } from "@cmo/engine";
import { apiPath } from "../http/api-path.ts";
import { askedChannels } from "./asked-channels.ts";
import { type ParseEvent, readJsonLine } from "./parse-event.ts";
import type { LineReading, StreamProtocol } from "./stream-protocol.ts";

/** Which events are wanted, and how they are read. */
export interface JobProtocolOptions {
  readonly after: number;
  readonly channels: readonly Channel[] | undefined;
  readonly parseEvent: ParseEvent;
}

/** The events of one job: each once, in order, from `after` on. */
export function jobProtocol(
  jobId: string,
  { after, channels, parseEvent }: JobProtocolOptions,
): StreamProtocol<JobEvent> {
  let last = after;
  return {
    about: `the events of ${jobId}`,
    lostMessage: "the job may be going on; its outcome is unknown.",
    path: () => apiPath(["jobs", jobId, "events"], { after: last, channels: askedChannels(channels) }),
    opened() {},
    read(line): LineReading<JobEvent> {
      const parsed = parseEvent(readJsonLine(line));
      if (!parsed.ok) return { kind: "fault", message: "something that is no event" };
      const event = parsed.value;
      if (event.jobId !== jobId) return { kind: "fault", message: "an event of another job" };
      if (event.seq <= last) return { kind: "seen" };
      // With channels left out, numbers are left out.
      if (channels === undefined && event.seq > last + 1) {
        return { kind: "fault", message: `number ${event.seq} after ${last}` };
      }
      last = event.seq;
      return { kind: "item", item: event, isLast: isTerminalEvent(event) };
    },
  };
}
