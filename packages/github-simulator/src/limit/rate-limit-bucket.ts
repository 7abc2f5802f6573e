/** What a bucket says of itself in headers. */
export interface RateLimitState {
  limit: number;
  remaining: number;
  used: number;
  /** When it is full again, in milliseconds since the epoch. */
  resetAtMs: number;
  resource: RateLimitResource;
}

/** The buckets that GitHub keeps apart. */
export type RateLimitResource = "core" | "search" | "graphql";

/** A primary rate limit: so many units per window, the window beginning with the first of them. */
export interface RateLimitBucket {
  state(nowMs: number): RateLimitState;
  isExhausted(nowMs: number): boolean;
  charge(units: number, nowMs: number): void;
  /** Empties the bucket until a time. */
  exhaust(untilMs: number, nowMs: number): void;
}

export function createRateLimitBucket(
  resource: RateLimitResource,
  limit: number,
  windowMs: number,
): RateLimitBucket {
  let used = 0;
  let resetAtMs: number | null = null;
  const roll = (nowMs: number) => {
    if (resetAtMs !== null && nowMs < resetAtMs) return resetAtMs;
    used = 0;
    // Headers carry whole seconds, so resets happen on whole seconds.
    resetAtMs = Math.ceil((nowMs + windowMs) / 1000) * 1000;
    return resetAtMs;
  };
  return {
    state(nowMs) {
      const reset = roll(nowMs);
      return { limit, remaining: Math.max(0, limit - used), used, resetAtMs: reset, resource };
    },
    isExhausted(nowMs) {
      roll(nowMs);
      return used >= limit;
    },
    charge(units, nowMs) {
      roll(nowMs);
      used += units;
    },
    exhaust(untilMs, nowMs) {
      roll(nowMs);
      used = Math.max(used, limit);
      resetAtMs = Math.ceil(untilMs / 1000) * 1000;
    },
  };
}
