import { createRateLimitBucket, type RateLimitBucket, type RateLimitResource } from "./rate-limit-bucket.ts";
import type { SimulatorLimits } from "./simulator-limits.ts";
import { createSlidingWindow } from "./sliding-window.ts";

/** Why a request was refused before anything was done. */
type LimitRefusal =
  | { kind: "primary"; resource: RateLimitResource }
  | { kind: "secondary"; status: 403 | 429; retryAfterSeconds: number | null };

/** What one token has used up. */
export interface TokenAccount {
  inFlight: number;
  bucket(resource: RateLimitResource): RateLimitBucket;
  /** Takes the request in, or says which limit refuses it. Charges the limits per minute, not the buckets. */
  admit(resource: RateLimitResource, nowMs: number): LimitRefusal | null;
  /** Remembers GraphQL time for the limit per minute. */
  spendGraphqlMs(ms: number, nowMs: number): void;
  /** Starts a secondary limit. */
  penalise(refusal: Extract<LimitRefusal, { kind: "secondary" }>, nowMs: number): void;
  /** Remembers that the client was told of a limit and until when it has to wait. */
  announce(resource: RateLimitResource | "all", untilMs: number): void;
  /** Whether the client was told to wait and its time is not over. */
  isWaitAnnounced(resource: RateLimitResource, nowMs: number): boolean;
  /** When the secondary limit ends. */
  readonly penalisedUntilMs: number;
}

export function createTokenAccount(limits: SimulatorLimits, anonymous: boolean): TokenAccount {
  const buckets: Record<RateLimitResource, RateLimitBucket> = {
    core: createRateLimitBucket(
      "core",
      anonymous ? limits.anonymousRequestsPerHour : limits.requestsPerHour,
      limits.hourMs,
    ),
    search: createRateLimitBucket("search", anonymous ? 10 : limits.searchesPerMinute, MINUTE),
    graphql: createRateLimitBucket("graphql", anonymous ? 0 : limits.pointsPerHour, limits.hourMs),
  };
  const queries = createSlidingWindow(MINUTE);
  const restRequests = createSlidingWindow(MINUTE);
  const graphqlMs = createSlidingWindow(MINUTE);
  const announced = new Map<RateLimitResource | "all", number>();
  let penalty: { until: number; status: 403 | 429; announcedSeconds: boolean } | null = null;

  const account: TokenAccount = {
    inFlight: 0,
    bucket: (resource) => buckets[resource],
    admit(resource, nowMs) {
      if (penalty !== null && nowMs < penalty.until) {
        const left = Math.ceil((penalty.until - nowMs) / 1000);
        return {
          kind: "secondary",
          status: penalty.status,
          retryAfterSeconds: penalty.announcedSeconds ? left : null,
        };
      }
      penalty = null;
      const window = resource === "graphql" ? queries : restRequests;
      const perMinute = resource === "graphql" ? limits.pointsPerMinute : limits.restPointsPerMinute;
      window.add(1, nowMs);
      const tooMuch =
        account.inFlight > limits.concurrency ||
        window.sum(nowMs) > perMinute ||
        (resource === "graphql" && graphqlMs.sum(nowMs) > limits.graphqlMsPerMinute);
      if (tooMuch) {
        const refusal = {
          kind: "secondary",
          status: 403,
          retryAfterSeconds: limits.secondaryRetryAfterSeconds,
        } as const;
        account.penalise(refusal, nowMs);
        return refusal;
      }
      return buckets[resource].isExhausted(nowMs) ? { kind: "primary", resource } : null;
    },
    spendGraphqlMs: (ms, nowMs) => graphqlMs.add(ms, nowMs),
    penalise(refusal, nowMs) {
      penalty = {
        until: nowMs + (refusal.retryAfterSeconds ?? 60) * 1000,
        status: refusal.status,
        announcedSeconds: refusal.retryAfterSeconds !== null,
      };
    },
    announce: (resource, untilMs) => {
      announced.set(resource, untilMs);
    },
    isWaitAnnounced: (resource, nowMs) =>
      nowMs < (announced.get("all") ?? 0) || nowMs < (announced.get(resource) ?? 0),
    get penalisedUntilMs() {
      return penalty?.until ?? 0;
    },
  };
  return account;
}

const MINUTE = 60_000;
