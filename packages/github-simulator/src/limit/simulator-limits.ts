/** What the simulator enforces. The defaults are GitHub's. */
export interface SimulatorLimits {
  /** GraphQL points an hour. */
  pointsPerHour: number;
  /** REST requests an hour. */
  requestsPerHour: number;
  /** REST requests an hour without a token. */
  anonymousRequestsPerHour: number;
  /** How long that hour lasts, in milliseconds: a test does not wait for a whole one. */
  hourMs: number;
  /** REST searches a minute. */
  searchesPerMinute: number;
  /** Requests in flight, REST and GraphQL together (secondary limit). */
  concurrency: number;
  /** GraphQL requests a minute; a query counts 1 (secondary limit). */
  pointsPerMinute: number;
  /** REST requests a minute (secondary limit). */
  restPointsPerMinute: number;
  /**
   * Simulated GraphQL milliseconds a minute (secondary limit). Default 60,000 with `costAsLatency`, otherwise unlimited:
   * answers that cost no time would use a minute up at once.
   */
  graphqlMsPerMinute: number;
  /** `Retry-After` of answers that a secondary limit refuses; null sends none, and the limit lasts 60 s. */
  secondaryRetryAfterSeconds: number | null;
  /** Simulated milliseconds that one GraphQL query may take before it dies: the ten-second clock. */
  queryMs: number;
  /** Points deducted from the hour when a query dies on the ten-second clock. */
  timeoutPenaltyPoints: number;
}

/** GitHub's limits, or those given instead. */
export function resolveLimits(limits: Partial<SimulatorLimits> = {}, costAsLatency = false): SimulatorLimits {
  return {
    pointsPerHour: 5000,
    requestsPerHour: 5000,
    anonymousRequestsPerHour: 60,
    hourMs: 3_600_000,
    searchesPerMinute: 30,
    concurrency: 100,
    pointsPerMinute: 2000,
    restPointsPerMinute: 900,
    graphqlMsPerMinute: costAsLatency ? 60_000 : Number.POSITIVE_INFINITY,
    secondaryRetryAfterSeconds: 60,
    queryMs: 10_000,
    timeoutPenaltyPoints: 10,
    ...limits,
  };
}
