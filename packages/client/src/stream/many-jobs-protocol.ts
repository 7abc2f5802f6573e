import { type JobSnapshot, jobSnapshotSchema, type MultiplexedItem } from "@cmo/contract";
import { type Channel, isTerminalEvent, isTerminalStatus } from "@cmo/engine";
import * as v from "valibot";
import { apiPath } from "../http/api-path.ts";
import { askedChannels } from "./asked-channels.ts";
import { type ParseEvent, readJsonLine } from "./parse-event.ts";
import type { LineReading, StreamProtocol } from "./stream-protocol.ts";

/** Which jobs and events are wanted, and how events are read. */
export interface ManyJobsProtocolOptions {
  readonly jobs: readonly string[] | undefined;
  readonly channels: readonly Channel[] | undefined;
  readonly parseEvent: ParseEvent;
}

/**
 * Snapshots of jobs and their events. Every connection begins with snapshots again, and goes on from them. With a list
 * of jobs it is over when all of them have ended; without one there is always a job that may come.
 */
export function manyJobsProtocol(options: ManyJobsProtocolOptions): StreamProtocol<MultiplexedItem> {
  const { jobs, channels, parseEvent } = options;
  const lastSeqs = new Map<string, number>();
  const open = jobs === undefined ? null : new Set(jobs);
  return {
    about: "the events of jobs",
    lostMessage: "the jobs may be going on.",
    path: () => apiPath(["events"], { jobs, channels: askedChannels(channels) }),
    opened() {
      lastSeqs.clear();
    },
    read(line): LineReading<MultiplexedItem> {
      const value = readJsonLine(line);
      if (isSnapshot(value)) {
        lastSeqs.set(value.jobId, value.lastSeq);
        return given(value, isTerminalStatus(value.progress.status));
      }
      const parsed = parseEvent(value);
      if (!parsed.ok) return { kind: "fault", message: "something that is no event" };
      const event = parsed.value;
      // A job that came after the snapshots is followed from its first event that is given.
      const last = lastSeqs.get(event.jobId) ?? event.seq - 1;
      if (event.seq <= last) return { kind: "seen" };
      if (channels === undefined && event.seq > last + 1) {
        return { kind: "fault", message: `number ${event.seq} after ${last} of a job` };
      }
      lastSeqs.set(event.jobId, event.seq);
      return given(event, isTerminalEvent(event));
    },
  };

  function given(item: MultiplexedItem, hasEnded: boolean): LineReading<MultiplexedItem> {
    if (hasEnded) open?.delete(item.jobId);
    return { kind: "item", item, isLast: open?.size === 0 };
  }
}

function isSnapshot(value: unknown): value is JobSnapshot {
  return v.is(jobSnapshotSchema, value);
}
