import * as v from "valibot";
import { rateLimitSchema } from "../http/answer-schema.ts";
import type { Verdict } from "../http/judge-answer.ts";
import type { QuotaReading } from "../quota/quota-state.ts";

/** What an answer says that it cost. */
export interface Spent {
  /** Points. */
  cost: number;
  /** Nodes that they were counted for. */
  nodeCount: number | null;
  reading: QuotaReading | null;
}

/** The cost in a GraphQL answer; null in any other. */
export function readSpent(verdict: Verdict): Spent | null {
  if (verdict.kind !== "data") return null;
  const parsed = v.safeParse(rateLimitSchema, verdict.data?.rateLimit);
  if (!parsed.success) return null;
  const { cost, limit, remaining, nodeCount } = parsed.output;
  const resetAtMs = Date.parse(parsed.output.resetAt);
  return { cost, nodeCount, reading: Number.isNaN(resetAtMs) ? null : { limit, remaining, resetAtMs } };
}

/** A short code for what went wrong, for events and logs; null when nothing did. */
export function errorCode(verdict: Verdict): string | null {
  switch (verdict.kind) {
    case "body":
    case "unchanged":
      return null;
    case "data": {
      // An account that is gone is an answer; anything else is worth a code.
      const error = verdict.errors.find((candidate) => candidate.type !== "NOT_FOUND");
      return error === undefined
        ? null
        : (/^\w{1,60}$/.exec(error.type ?? "")?.[0].toLowerCase() ?? "unknown");
    }
    case "absent":
      return `http_${verdict.status}`;
    case "failed":
      return verdict.failure.code;
    case "redirected":
      return "redirected";
    case "limited":
    case "refused":
      return verdict.code;
    default:
      return verdict satisfies never;
  }
}
