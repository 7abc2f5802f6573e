/** The buckets that GitHub counts in. */
export type QuotaResource = "graphql" | "core";

/** What an answer said about a bucket. */
export interface QuotaReading {
  limit: number;
  remaining: number;
  /** By GitHub's clock, in milliseconds since the Unix epoch. */
  resetAtMs: number;
}

/** Whether a request may start now. */
export type Admission =
  | { kind: "granted" }
  /** Not before this instant (by the local clock). */
  | { kind: "limited"; untilMs: number; reason: LimitReason }
  /** Requests in flight may use up what remains, or one may just be meeting a limit: ask again when one has ended. */
  | { kind: "reserved" };

/** Which limit holds requests back. */
export type LimitReason = "primary_limit" | "secondary_limit";

/** Quota as a resource: who may start a request, and from when on. */
export interface Quota {
  /** Asks for leave to start a request that will cost about `cost`; when granted, it is in flight until `settle`. */
  admit(resource: QuotaResource, cost: number): Admission;
  /** How long a request of the bucket is held back from now on. */
  waitMs(resource: QuotaResource): number;
  /** A granted request has ended. */
  settle(resource: QuotaResource, cost: number): void;
  /** Resolves when the next request has ended, or when the signal aborts. */
  settled(signal: AbortSignal): Promise<void>;
  /**
   * The head of an answer looks like a limit, and its body has yet to be read: nothing starts until the returned
   * function is called.
   */
  suspectLimit(): () => void;
  /**
   * Takes in what an answer said. `clockOffsetMs` is the local clock minus GitHub's. Returns the reading when what
   * remains has changed by it, null when it is stale or known.
   */
  note(resource: QuotaResource, reading: QuotaReading, clockOffsetMs: number): QuotaReading | null;
  /**
   * The primary limit was hit: holds the bucket back until its reset, and for `retryAfterMs` where that was said; for
   * `fallbackMs` when neither is known.
   */
  pausePrimary(resource: QuotaResource, retryAfterMs: number | null, fallbackMs: number): void;
  /**
   * A secondary limit was hit by a request that started at `startedAtMs`: holds *every* bucket back, since GitHub
   * counts these across REST and GraphQL. For `retryAfterMs`, else 60 s, doubled for each hit after a pause.
   */
  pauseSecondary(startedAtMs: number, retryAfterMs: number | null): void;
  /** A request was answered properly: the next secondary limit starts from 60 s again. */
  recovered(): void;
}

/** A quota by the rule of GitHub: `retry-after`, else the reset when nothing remains, else a minute and more. */
export function createQuota(now: () => number): Quota {
  const buckets: Record<QuotaResource, Bucket> = { graphql: createBucket(), core: createBucket() };
  let secondaryUntilMs = 0;
  let secondaryHits = 0;
  let suspicions = 0;
  const waiting = new Set<() => void>();

  return {
    admit(resource, cost) {
      const bucket = buckets[resource];
      const at = now();
      const primaryUntilMs = heldUntilMs(bucket);
      const untilMs = Math.max(primaryUntilMs, secondaryUntilMs);
      if (at < untilMs) {
        return {
          kind: "limited",
          untilMs,
          reason: primaryUntilMs === untilMs ? "primary_limit" : "secondary_limit",
        };
      }
      if (suspicions > 0) return { kind: "reserved" };
      if (bucket.inFlight > 0 && remainingAt(bucket, at) - bucket.reserved < cost)
        return { kind: "reserved" };
      bucket.inFlight += 1;
      bucket.reserved += cost;
      return { kind: "granted" };
    },
    waitMs: (resource) => Math.max(0, secondaryUntilMs - now(), heldUntilMs(buckets[resource]) - now()),
    settle(resource, cost) {
      const bucket = buckets[resource];
      bucket.inFlight -= 1;
      bucket.reserved -= cost;
      for (const wake of [...waiting]) wake();
    },
    settled(signal) {
      return new Promise((resolve) => {
        const wake = () => {
          signal.removeEventListener("abort", wake);
          waiting.delete(wake);
          resolve();
        };
        if (signal.aborted) return resolve();
        signal.addEventListener("abort", wake);
        waiting.add(wake);
      });
    },
    suspectLimit() {
      suspicions += 1;
      let isSuspected = true;
      return () => {
        if (isSuspected) suspicions -= 1;
        isSuspected = false;
      };
    },
    note(resource, reading, clockOffsetMs) {
      const bucket = buckets[resource];
      const known = bucket.reading;
      const isSameWindow =
        known !== null &&
        now() < known.resetAtMs + bucket.clockOffsetMs &&
        Math.abs(reading.resetAtMs - known.resetAtMs) <= resetJitterMs;
      // Answers of requests in flight together may arrive in any order; within a window the quota only falls.
      if (isSameWindow && reading.remaining >= known.remaining) return null;
      if (known !== null && !isSameWindow && reading.resetAtMs < known.resetAtMs) return null;
      bucket.reading = reading;
      bucket.clockOffsetMs = clockOffsetMs;
      return reading;
    },
    pausePrimary(resource, retryAfterMs, fallbackMs) {
      const bucket = buckets[resource];
      const resetMs = bucket.reading === null ? 0 : resetOf(bucket, bucket.reading);
      const waitMs = retryAfterMs ?? (resetMs > now() ? 0 : fallbackMs);
      const untilMs = retryAfterMs === null ? Math.max(resetMs, now() + waitMs) : now() + waitMs;
      bucket.pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
    },
    pauseSecondary(startedAtMs, retryAfterMs) {
      // Requests that were in flight together hit the same limit once.
      if (startedAtMs >= secondaryUntilMs) secondaryHits += 1;
      const waitMs = retryAfterMs ?? secondaryWaitMs * 2 ** Math.min(secondaryHits - 1, 10);
      secondaryUntilMs = Math.max(secondaryUntilMs, now() + waitMs);
    },
    recovered() {
      if (now() >= secondaryUntilMs) secondaryHits = 0;
    },
  };
}

interface Bucket {
  reading: QuotaReading | null;
  clockOffsetMs: number;
  pausedUntilMs: number;
  inFlight: number;
  /** Points that the requests in flight are expected to cost. */
  reserved: number;
}

const afterResetMs = 1_000;
const secondaryWaitMs = 60_000;
/** The reset of one window is reported a second apart now and then. */
const resetJitterMs = 1_000;

function createBucket(): Bucket {
  return { reading: null, clockOffsetMs: 0, pausedUntilMs: 0, inFlight: 0, reserved: 0 };
}

function heldUntilMs(bucket: Bucket): number {
  const isExhausted = bucket.reading !== null && bucket.reading.remaining <= 0;
  return Math.max(bucket.pausedUntilMs, isExhausted && bucket.reading ? resetOf(bucket, bucket.reading) : 0);
}

function resetOf(bucket: Bucket, reading: QuotaReading): number {
  return reading.resetAtMs + bucket.clockOffsetMs + afterResetMs;
}

function remainingAt(bucket: Bucket, atMs: number): number {
  if (bucket.reading === null) return Number.POSITIVE_INFINITY;
  return atMs >= resetOf(bucket, bucket.reading) ? Number.POSITIVE_INFINITY : bucket.reading.remaining;
}
