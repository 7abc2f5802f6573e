import type { DecisiveFault } from "../fault/fault-effect.ts";
import type { FaultRule } from "../fault/fault-rule.ts";
import type { RateLimitResource } from "../limit/rate-limit-bucket.ts";
import {
  gatewayAnswer,
  jsonAnswer,
  messageAnswer,
  primaryLimitAnswer,
  type SimulatedAnswer,
  secondaryLimitAnswer,
} from "./answer.ts";
import type { Exchange, Outcome, SimulatorParts } from "./request-handler.ts";

/** The answer when it does not depend on what was asked: a bad token, a limit, or a fault. Null to go on. */
export function decideAnswer(parts: SimulatorParts, exchange: Exchange): Outcome | null {
  const { session, effect } = exchange;
  const fault = effect.decisive;
  if (session.rejected || fault?.fault === "revoked_token")
    return plainOutcome(messageAnswer(401, "Bad credentials"));
  if (exchange.target.api === "graphql" && session.token === null) {
    return plainOutcome(messageAnswer(401, "This endpoint requires you to be authenticated."));
  }
  return meetLimits(exchange) ?? (fault === null ? null : meetFault(parts, exchange, fault));
}

/** An answer that cost nothing. */
export function plainOutcome(answer: SimulatedAnswer): Outcome {
  return { answer, points: 0, simulatedMs: 0, timeout: false, wait: null };
}

function meetLimits({ session, resource, nowMs, target }: Exchange): Outcome | null {
  const refusal = resource === null ? null : session.account.admit(resource, nowMs);
  if (refusal === null) return null;
  if (refusal.kind === "secondary") {
    return {
      ...plainOutcome(secondaryLimitAnswer(refusal.status, refusal.retryAfterSeconds)),
      wait: { resource: "all", untilMs: session.account.penalisedUntilMs },
    };
  }
  return primaryOutcome(
    session.account.bucket(refusal.resource).state(nowMs).resetAtMs,
    refusal.resource,
    target.api,
  );
}

function meetFault(
  parts: SimulatorParts,
  exchange: Exchange,
  rule: FaultRule & { fault: DecisiveFault },
): Outcome | null {
  const { session, nowMs, target, requestId } = exchange;
  const resource = exchange.resource ?? "core";
  const isGraphql = target.api === "graphql";
  switch (rule.fault) {
    case "bad_gateway":
      return plainOutcome(gatewayAnswer(502));
    case "socket_reset":
      // The connection breaks after the work was done: what it cost is charged.
      return null;
    case "rate_limited": {
      const bucket = session.account.bucket(resource);
      bucket.exhaust(nowMs + (rule.resetAfterSeconds ?? 60) * 1000, nowMs);
      return primaryOutcome(bucket.state(nowMs).resetAtMs, resource, target.api);
    }
    case "secondary_limit":
    case "too_many_requests": {
      const status = rule.fault === "too_many_requests" ? 429 : 403;
      const standard = status === 429 ? 2 : parts.limits.secondaryRetryAfterSeconds;
      const retryAfterSeconds = rule.retryAfterSeconds === undefined ? standard : rule.retryAfterSeconds;
      session.account.penalise({ kind: "secondary", status, retryAfterSeconds }, nowMs);
      return {
        ...plainOutcome(secondaryLimitAnswer(status, retryAfterSeconds)),
        wait: { resource: "all", untilMs: session.account.penalisedUntilMs },
      };
    }
    case "timeout_message":
      if (!isGraphql) return plainOutcome(gatewayAnswer(504));
      return plainOutcome(
        jsonAnswer(200, {
          data: null,
          errors: [
            {
              message: `Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include \`${requestId}\` when reporting this issue.`,
            },
          ],
        }),
      );
    case "redirect": {
      const location = rule.location ?? "https://elsewhere.example/";
      return plainOutcome(
        jsonAnswer(rule.status ?? 307, { message: "Temporary Redirect", url: location }, { location }),
      );
    }
    case "forbidden":
      return plainOutcome(
        messageAnswer(403, "Resource not accessible by personal access token", {
          "x-accepted-oauth-scopes": "repo",
        }),
      );
    case "revoked_token":
      return plainOutcome(messageAnswer(401, "Bad credentials"));
    default:
      throw rule.fault satisfies never;
  }
}

function primaryOutcome(untilMs: number, resource: RateLimitResource, api: "graphql" | "rest"): Outcome {
  return { ...plainOutcome(primaryLimitAnswer(api === "graphql")), wait: { resource, untilMs } };
}
