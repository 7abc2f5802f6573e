import type { PreparedQuery } from "../graphql/graphql-endpoint.ts";
import { gatewayAnswer, jsonAnswer, messageAnswer } from "./answer.ts";
import { plainOutcome } from "./decisive-answer.ts";
import { type Exchange, type Outcome, type SimulatorParts, scopesOf } from "./request-handler.ts";

/** Executes a query that no limit refused, and charges it. */
export function answerGraphql(parts: SimulatorParts, exchange: Exchange, query: PreparedQuery): Outcome {
  const { session, effect, nowMs, request } = exchange;
  if (request.method !== "POST") return plainOutcome(messageAnswer(404, "Not Found"));
  if (query.refusal !== null) return plainOutcome(jsonAnswer(query.refusal.status, query.refusal.body));
  const scopes = scopesOf(parts, effect);
  if (query.asksEmail && !scopes.some((scope) => EMAIL_SCOPES.includes(scope))) {
    return plainOutcome(jsonAnswer(200, { data: null, errors: [missingScope(scopes)] }));
  }
  const bucket = session.account.bucket("graphql");
  if (query.simulatedMs > parts.limits.queryMs) {
    const points = query.cost + parts.limits.timeoutPenaltyPoints;
    bucket.charge(points, nowMs);
    session.account.spendGraphqlMs(parts.limits.queryMs, nowMs);
    return {
      answer: gatewayAnswer(502),
      points,
      simulatedMs: parts.limits.queryMs,
      timeout: true,
      wait: null,
    };
  }
  bucket.charge(query.cost, nowMs);
  session.account.spendGraphqlMs(query.simulatedMs, nowMs);
  const { limit, remaining, used, resetAtMs } = bucket.state(nowMs);
  const body = query.run({
    viewer: parts.viewer,
    rateLimit: {
      cost: query.cost,
      nodeCount: query.nodeCount,
      limit,
      remaining,
      used,
      resetAt: `${new Date(resetAtMs).toISOString().slice(0, 19)}Z`,
    },
    disturbance: effect.disturbance,
  });
  return {
    answer: jsonAnswer(200, body),
    points: query.cost,
    simulatedMs: query.simulatedMs,
    timeout: false,
    wait: null,
  };
}

const EMAIL_SCOPES: readonly string[] = ["user", "user:email", "read:user"];

function missingScope(scopes: readonly string[]) {
  const granted = scopes.map((scope) => `'${scope}'`).join(", ");
  return {
    type: "INSUFFICIENT_SCOPES",
    message: `Your token has not been granted the required scopes to execute this query. The 'email' field requires one of the following scopes: ['user:email', 'read:user'], but your token has only been granted the: [${granted}] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.`,
  };
}
