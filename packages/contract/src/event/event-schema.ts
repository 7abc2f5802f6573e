import type { JobEvent, Progress } from "@cmo/engine";
import * as v from "valibot";
import { progressSchema } from "../job/progress-schema.ts";
import { instantSchema } from "../text/instant.ts";

/** One event of a job's log, as streams give it. Types that this version does not know pass through. */
export const jobEventSchema = v.pipe(
  v.looseObject({
    v: v.number(),
    jobId: v.string(),
    seq: v.pipe(v.number(), v.description("From 1, without a gap, per job.")),
    at: instantSchema,
    type: v.string(),
    data: v.record(v.string(), v.unknown()),
  }),
  v.metadata({ ref: "Event" }),
);

/** How a job stands when a multiplexed stream begins: what follows of it has a greater seq than `lastSeq`. */
export const jobSnapshotSchema = v.pipe(
  v.object({
    type: v.literal("snapshot"),
    jobId: v.string(),
    name: v.string(),
    lastSeq: v.number(),
    progress: progressSchema,
  }),
  v.metadata({ ref: "Snapshot" }),
);

/** See {@link jobSnapshotSchema}. */
export interface JobSnapshot {
  readonly type: "snapshot";
  readonly jobId: string;
  readonly name: string;
  readonly lastSeq: number;
  readonly progress: Progress;
}

/** What a multiplexed stream gives: a snapshot of each job, then the events of all. A snapshot has no `seq`. */
export type MultiplexedItem = JobSnapshot | JobEvent;

/** Whether an item is a snapshot. */
export function isJobSnapshot(item: MultiplexedItem): item is JobSnapshot {
  return item.type === "snapshot";
}
