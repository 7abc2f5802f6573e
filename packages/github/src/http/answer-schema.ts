import * as v from "valibot";

/** One entry of `errors` in an answer of the GraphQL API. */
const graphqlErrorSchema = v.object({
  type: v.optional(v.nullable(v.string()), null),
  message: v.optional(v.string(), ""),
  path: v.optional(v.nullable(v.array(v.union([v.string(), v.number()]))), null),
});

/** One entry of `errors`. */
export type GraphqlError = v.InferOutput<typeof graphqlErrorSchema>;

/** An answer of the GraphQL API, before its data are looked at. Data and errors may both be there. */
export const graphqlAnswerSchema = v.object({
  data: v.optional(v.nullable(v.record(v.string(), v.unknown())), null),
  errors: v.optional(v.nullable(v.array(graphqlErrorSchema)), null),
  /** Some refusals come with a message and nothing else. */
  message: v.optional(v.string(), ""),
});

/** What a query says about its own cost. Null fields of servers without limits are left out. */
export const rateLimitSchema = v.object({
  cost: v.number(),
  limit: v.number(),
  remaining: v.number(),
  resetAt: v.string(),
  nodeCount: v.optional(v.nullable(v.number()), null),
});

/** The body of a REST answer that is an error. */
export const restErrorSchema = v.object({ message: v.optional(v.string(), "") });
