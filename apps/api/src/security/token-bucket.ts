/** How many requests there may be. */
export interface RateLimit {
  readonly perMinute: number;
  /** At once, after a while without any. */
  readonly burst: number;
}

/** Counts requests by whose they are. */
export interface RateLimiter {
  /** 0 when one more may come; else after how many milliseconds it may. */
  take(owner: string, now: number): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each owner. There are as many as there are keys, so none is ever let go. */
export function createRateLimiter({ perMinute, burst }: RateLimit): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  return {
    take(owner, now) {
      if (perMinute === 0) return 0;
      const bucket = buckets.get(owner) ?? { tokens: burst, at: now };
      // A clock that was set back adds nothing and takes nothing away.
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
      bucket.at = now;
      buckets.set(owner, bucket);
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perMs);
      bucket.tokens -= 1;
      return 0;
    },
  };
}
