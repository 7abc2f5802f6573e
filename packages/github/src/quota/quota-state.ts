import * as v from "valibot";

/** The buckets that GitHub counts in. */
export type QuotaResource = "graphql" | "core";

const instantSchema = v.number();

const readingSchema = v.object({
  limit: v.number(),
  remaining: v.number(),
  /** By GitHub's clock, in milliseconds since the Unix epoch. */
  resetAtMs: instantSchema,
});

/** What an answer said about a bucket. */
export type QuotaReading = v.InferOutput<typeof readingSchema>;

const bucketSchema = v.object({
  reading: v.nullable(readingSchema),
  /** When the reading's window ends, by the board's clock. */
  resetMs: instantSchema,
  /** A limit of this bucket was met. */
  pausedUntilMs: instantSchema,
});

/** What is known of a bucket. */
export type QuotaBucket = v.InferOutput<typeof bucketSchema>;

const slotSchema = v.object({
  /** Unlike any other that there was. */
  id: v.number(),
  /** Whose request it is: a lane has at most `cap` of them at once. */
  lane: v.number(),
  cap: v.number(),
  resource: v.picklist(["graphql", "core"]),
  /** Points that it will cost, about. */
  cost: v.number(),
  /** When its process must have died if nothing was heard of it. */
  untilMs: instantSchema,
});

/** A request that is under way, or that waits for its turn. */
export type QuotaSlot = v.InferOutput<typeof slotSchema>;

/** What all who use one token share, as JSON. Instants are in milliseconds by the board's clock. */
export const quotaStateSchema = v.object({
  v: v.literal(1),
  /** The last number given to a slot or lane. */
  counter: v.number(),
  held: v.array(slotSchema),
  /** First come, first served. */
  waiting: v.array(slotSchema),
  buckets: v.object({ graphql: bucketSchema, core: bucketSchema }),
  /** GitHub counts secondary limits across REST and GraphQL, so that one of them holds everything back. */
  secondary: v.object({ untilMs: instantSchema, hits: v.number() }),
  /** After a secondary limit fewer requests run at once for a while; null when it is over. */
  throttle: v.nullable(v.object({ allowed: v.number(), full: v.number(), answersInARow: v.number() })),
});

/** See {@link quotaStateSchema}. */
export type QuotaState = v.InferOutput<typeof quotaStateSchema>;

/** Nothing runs, and nothing is known. */
export function createQuotaState(): QuotaState {
  const bucket: QuotaBucket = { reading: null, resetMs: 0, pausedUntilMs: 0 };
  return {
    v: 1,
    counter: 0,
    held: [],
    waiting: [],
    buckets: { graphql: bucket, core: bucket },
    secondary: { untilMs: 0, hits: 0 },
    throttle: null,
  };
}
