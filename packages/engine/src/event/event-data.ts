import * as v from "valibot";
import { errorCodes } from "../error/cmo-error.ts";
import type { KnownEventType } from "./event-type.ts";

const count = v.pipe(v.number(), v.minValue(0));
const counts = v.record(v.string(), v.number());
const nullableText = v.nullable(v.string());

/** An error as events carry it. */
const eventErrorSchema = v.object({
  code: v.picklist(errorCodes),
  message: v.string(),
  hint: nullableText,
});

/**
 * The data of every known event type, by channel (architecture: events). Objects are loose: a field that a later
 * version adds passes through a reader of today.
 */
export const eventDataSchemas = {
  "job.queued": v.looseObject({
    goal: v.string(),
    plan: v.array(v.string()),
    icp: v.nullable(v.record(v.string(), v.unknown())),
    specDigest: v.string(),
    targetLeads: v.nullable(v.number()),
    engineVersion: v.string(),
    agent: v.object({ name: v.string(), version: v.string() }),
    purpose: v.optional(nullableText),
    basis: v.optional(nullableText),
    configVersion: v.optional(nullableText),
    /** The run from which it counts who is new; null when there is none. Absent: it does not count so. */
    baselineJobId: v.optional(nullableText),
    parentJobId: v.optional(v.string()),
  }),
  "job.started": v.looseObject({ attempt: count }),
  "job.paused": v.looseObject({}),
  "job.resumed": v.looseObject({}),
  "job.retrying": v.looseObject({ attempt: count, delayMs: count, error: eventErrorSchema }),
  "job.cancelled": v.looseObject({ partial: v.boolean() }),
  "job.failed": v.looseObject({ error: eventErrorSchema, partial: v.boolean() }),
  "job.completed": v.looseObject({ targetMet: v.nullable(v.boolean()) }),
  "stage.started": v.looseObject({ stage: v.string(), itemsTotal: v.optional(v.nullable(count)) }),
  "stage.progress": v.looseObject({
    stage: v.string(),
    itemsProcessed: count,
    itemsTotal: v.nullable(count),
    currentItem: nullableText,
    percent: count,
  }),
  "stage.completed": v.looseObject({
    stage: v.string(),
    counts: v.optional(counts),
    drops: v.optional(counts),
    distributions: v.optional(v.record(v.string(), counts)),
  }),
  metrics: v.looseObject({ metrics: counts }),
  "tool.started": v.looseObject({ callId: v.string(), tool: v.string(), inputDigest: v.string() }),
  "tool.completed": v.looseObject({
    callId: v.string(),
    tool: v.string(),
    ok: v.boolean(),
    durationMs: count,
    cost: count,
    cached: v.boolean(),
    error: nullableText,
    /** How many items were answered, where a cache answered several at once. Default 1. */
    items: v.optional(count),
  }),
  "artifact.created": v.looseObject({
    kind: v.string(),
    name: v.string(),
    mediaType: v.string(),
    bytes: count,
    rows: count,
    digest: v.string(),
    partial: v.boolean(),
  }),
  log: v.looseObject({
    level: v.picklist(["info", "warning", "error"]),
    code: v.string(),
    message: v.string(),
  }),
  "quota.updated": v.looseObject({
    resource: v.string(),
    limit: count,
    remaining: count,
    resetAt: v.string(),
  }),
  "quota.waiting": v.looseObject({ resource: v.string(), until: v.string(), reason: v.string() }),
} as const satisfies Record<KnownEventType, unknown>;

/** The data of a known event. */
export type EventData<T extends KnownEventType> = v.InferOutput<(typeof eventDataSchemas)[T]>;
/** An error as events carry it. */
export type EventError = v.InferOutput<typeof eventErrorSchema>;
