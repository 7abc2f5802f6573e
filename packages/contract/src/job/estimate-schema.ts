import * as v from "valibot";
import { instantSchema } from "../text/instant.ts";

const described = <const T extends v.GenericSchema>(schema: T, description: string) =>
  v.pipe(schema, v.description(description));

const millisecondBand = v.object({ p50: v.number(), p90: v.number() });

/** When a run ends, as far as anybody can say; see the console's `timeLeftText` for the words. */
export const runEstimateSchema = v.pipe(
  v.variant("state", [
    v.object({
      state: v.literal("unknown"),
      because: described(
        v.picklist(["first_of_its_kind", "not_started", "paused", "between_attempts", "overdue"]),
        "Why nothing can be said.",
      ),
    }),
    v.object({
      state: v.literal("estimated"),
      remainingMs: described(
        millisecondBand,
        "The time left: half of the runs need no more than p50, nine of ten no more than p90. Waits for the quota are in it.",
      ),
      endsAt: v.object({ p50: instantSchema, p90: instantSchema }),
      percent: described(
        v.number(),
        "The share of the run's time that is over, 0 to 99. It never falls within a run.",
      ),
      basis: v.object({
        runs: described(v.number(), "How many earlier runs it rests on."),
        quotaWaitMs: described(v.number(), "How much of the time left the quota will be waited for."),
      }),
    }),
  ]),
  v.metadata({ ref: "RunEstimate" }),
);
/** See {@link runEstimateSchema}. */
export type RunEstimateView = v.InferOutput<typeof runEstimateSchema>;

/** What earlier runs of the same kind say, for whoever folds a job's events into an estimate of their own. */
export const estimateGroundsSchema = v.pipe(
  v.object({
    runs: v.number(),
    setupMs: v.number(),
    stages: v.array(
      v.object({
        id: v.string(),
        asks: v.boolean(),
        msPerItem: v.number(),
        msPerFed: v.number(),
        items: v.number(),
      }),
    ),
    qualifiedPerItem: v.nullable(v.number()),
    pageItems: v.number(),
    pointsPerMs: v.number(),
    requestsPerMs: v.optional(v.number(), 0),
    answerMs: v.nullable(v.number()),
    mostItems: v.nullable(v.number()),
    mostRequests: v.optional(v.nullable(v.number()), null),
    mostPoints: v.optional(v.nullable(v.number()), null),
    timeoutMs: v.optional(v.nullable(v.number()), null),
    leastWorkMs: v.number(),
    mostWorkMs: v.number(),
    errors: v.array(v.object({ runs: v.number(), p50: v.number(), p90: v.number() })),
  }),
  v.description("What the estimate rests on beside the job's log: what earlier runs of the same kind took."),
  v.metadata({ ref: "EstimateGrounds" }),
);
/** See {@link estimateGroundsSchema}. */
export type EstimateGroundsView = v.InferOutput<typeof estimateGroundsSchema>;
