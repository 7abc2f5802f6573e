import type { SimulatorClock } from "../clock/simulator-clock.ts";
import { combineFaults, type FaultEffect } from "../fault/fault-effect.ts";
import type { FaultPlan } from "../fault/fault-plan.ts";
import type { GraphqlEndpoint, PreparedQuery } from "../graphql/graphql-endpoint.ts";
import type { RateLimitResource } from "../limit/rate-limit-bucket.ts";
import type { SimulatorLimits } from "../limit/simulator-limits.ts";
import { hash32, hex32 } from "../random/hash.ts";
import { type RestEndpoint, restResourceOf } from "../rest/rest-endpoint.ts";
import { TRAIT } from "../world/trait.ts";
import type { World } from "../world/world.ts";
import { rateLimitHeaders, type SimulatedAnswer } from "./answer.ts";
import { decideAnswer } from "./decisive-answer.ts";
import { fetchFailure } from "./fetch-failure.ts";
import { answerGraphql } from "./graphql-answer.ts";
import type { RequestStatistics } from "./request-statistics.ts";
import { type RequestTarget, requestTargetOf } from "./request-target.ts";
import { answerRest } from "./rest-answer.ts";
import type { Session, SessionDirectory } from "./session.ts";
import type { SimulatorOptions } from "./simulator-options.ts";

/** The parts that a simulator is made of. */
export interface SimulatorParts {
  options: SimulatorOptions;
  clock: SimulatorClock;
  world: World;
  viewer: number;
  limits: SimulatorLimits;
  statistics: RequestStatistics;
  sessions: SessionDirectory;
  plan: FaultPlan;
  graphql: GraphqlEndpoint;
  rest: RestEndpoint;
}

/** A request with what `Request` would hide: a body that can be sent again, and a signal that nothing listens to yet. */
export interface IncomingRequest {
  request: Request;
  body: Promise<string>;
  signal: AbortSignal | null;
}

/** One request on its way through the simulator. */
export interface Exchange {
  request: Request;
  url: URL;
  target: RequestTarget;
  session: Session;
  /** Null for what is charged to no bucket. */
  resource: RateLimitResource | null;
  /** Null for REST. */
  query: PreparedQuery | null;
  effect: FaultEffect;
  requestId: string;
  nowMs: number;
}

/** What came out of an exchange. */
export interface Outcome {
  answer: SimulatedAnswer;
  points: number;
  simulatedMs: number;
  timeout: boolean;
  /** The client was told to wait. */
  wait: { resource: RateLimitResource | "all"; untilMs: number } | null;
}

/**
 * Answers one request: counts it, meets the faults of the script, enforces the limits, asks the endpoint, and waits as
 * long as the answer takes. Limits are charged when a request arrives.
 */
export function createRequestHandler(
  parts: SimulatorParts,
): (incoming: IncomingRequest) => Promise<SimulatedAnswer> {
  const { clock, options, statistics, world } = parts;
  let ordinal = 0;

  return async ({ request, body, signal }) => {
    signal?.throwIfAborted();
    ordinal += 1;
    const own = ordinal;
    const url = new URL(request.url);
    const target = requestTargetOf(url);
    const session = parts.sessions.find(request.headers.get("authorization"));
    const resource = target.api === "graphql" ? "graphql" : restResourceOf(target.path);
    const nowMs = clock.now();
    const whileLimited = resource !== null && session.account.isWaitAnnounced(resource, nowMs);
    statistics.begin();
    session.account.inFlight += 1;
    let exchange: Exchange | null = null;
    let outcome: Outcome | null = null;
    let faults: ReturnType<FaultPlan["next"]> = [];
    let delivered = false;
    try {
      const bodyText = await body;
      const query = target.api === "graphql" ? parts.graphql.prepare(bodyText) : null;
      faults = parts.plan.next(query?.operation ?? "rest");
      exchange = {
        request,
        url,
        target,
        session,
        resource,
        query,
        effect: combineFaults(faults, world.seed, own),
        requestId: requestIdOf(world.seed, own),
        nowMs,
      };
      outcome =
        decideAnswer(parts, exchange) ??
        (query === null ? answerRest(parts, exchange) : answerGraphql(parts, exchange, query));
      const duration =
        (options.latencyMs ?? 0) +
        exchange.effect.delayMs +
        (options.costAsLatency ? outcome.simulatedMs : 0);
      await waitFor(clock, duration, signal);
      if (exchange.effect.decisive?.fault === "socket_reset")
        throw fetchFailure("ECONNRESET", "read ECONNRESET");
      delivered = true;
      if (outcome.wait !== null) session.account.announce(outcome.wait.resource, outcome.wait.untilMs);
      return withHeaders(parts, exchange, outcome.answer);
    } finally {
      session.account.inFlight -= 1;
      const observed = {
        ordinal: own,
        method: request.method,
        path: `${url.pathname}${url.search}`,
        api: target.api,
        operation:
          exchange?.query?.operation ?? (target.api === "rest" ? ("rest" as const) : ("other" as const)),
        ids: exchange?.query?.ids ?? [],
        hasToken: request.headers.has("authorization"),
        status: delivered ? (outcome?.answer.status ?? null) : null,
        points: outcome?.points ?? 0,
        simulatedMs: outcome?.simulatedMs ?? 0,
        whileLimited,
        faults: faults.map((rule) => rule.fault),
      };
      statistics.end(observed, {
        limitAnswer: delivered && outcome?.wait != null,
        timeout: outcome?.timeout ?? false,
      });
      options.onRequest?.(observed);
    }
  };
}

function withHeaders(parts: SimulatorParts, exchange: Exchange, answer: SimulatedAnswer): SimulatedAnswer {
  const { session, resource, requestId } = exchange;
  return {
    ...answer,
    headers: {
      server: "github.com",
      "x-github-request-id": requestId,
      "x-github-media-type": "github.v3; format=json",
      ...(session.token === null ? {} : { "x-oauth-scopes": scopesOf(parts, exchange.effect).join(", ") }),
      ...rateLimitHeaders(session.account.bucket(resource ?? "core").state(exchange.nowMs)),
      ...answer.headers,
    },
  };
}

/** Scopes that the token has in this exchange. */
export function scopesOf(parts: SimulatorParts, effect: FaultEffect): readonly string[] {
  return effect.withoutScope ? [] : (parts.options.scopes ?? ["read:user"]);
}

/** Waits by the clock, and stops at once when the signal aborts, also by a clock that does not know signals. */
async function waitFor(clock: SimulatorClock, ms: number, signal: AbortSignal | null): Promise<void> {
  signal?.throwIfAborted();
  if (ms <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    clock
      .sleep(ms, signal ?? undefined)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener("abort", onAbort));
  });
}

function requestIdOf(seed: number, ordinal: number): string {
  const words = [0, 1, 2, 3].map((word) =>
    hex32(hash32(seed ^ word, ordinal, TRAIT.requestId)).toUpperCase(),
  );
  return `${words[0]?.slice(0, 4)}:${words[1]?.slice(0, 6)}:${words[2]}:${words[3]}:${ordinal.toString(16).toUpperCase().padStart(8, "0")}`;
}
