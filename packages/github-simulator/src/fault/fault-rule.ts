/** What a query or request asks for; faults are aimed by it and statistics are kept by it. */
export type OperationKind = "search" | "history" | "maintainers" | "people" | "viewer" | "rest" | "other";

/** What can go wrong on purpose. */
export type FaultName =
  | "bad_gateway"
  | "socket_reset"
  | "slow"
  | "resource_limits"
  | "rate_limited"
  | "secondary_limit"
  | "too_many_requests"
  | "timeout_message"
  | "not_found_ids"
  | "missing_scope"
  | "revoked_token"
  | "empty_repository"
  | "redirect"
  | "forbidden";

/**
 * One thing that goes wrong, and when. Without `at`, `every` and `rate` it concerns every matching request. Requests
 * are counted per operation, from 1.
 */
export interface FaultRule {
  fault: FaultName;
  /** Only requests of this kind; all when absent. */
  operation?: OperationKind;
  /** The n-th matching request; for `revoked_token` the n-th and all after it. */
  at?: number;
  /** Every n-th matching request. */
  every?: number;
  /** The share of matching requests, 0 to 1; which ones follows from the seed. */
  rate?: number;
  /** At most so many times. */
  times?: number;
  /** `slow`: how much later the answer comes. Default 2000. */
  delayMs?: number;
  /** `secondary_limit`, `too_many_requests`: the header; null sends none. Default 60 for the first, 2 for the second. */
  retryAfterSeconds?: number | null;
  /** `rate_limited`: when the bucket is full again. Default 60. */
  resetAfterSeconds?: number;
  /** `resource_limits`, `not_found_ids`, `empty_repository`: the share of parts concerned. Default 0.5, 0.05, 0.2. */
  share?: number;
  /** `not_found_ids`, `empty_repository`: exactly these node ids instead of a share. */
  ids?: readonly string[];
  /** `redirect`: where to. Default `https://elsewhere.example/`. */
  location?: string;
  /** `redirect`: 301, 302, 307 or 308. Default 307. */
  status?: number;
}

/** Rules, or an object of rates and settings by fault: `{ bad_gateway: 0.05, slow: { rate: 0.1, delay_ms: 500 } }`. */
export type FaultScript =
  | readonly FaultRule[]
  | { readonly [Fault in FaultName]?: number | Omit<FaultRule, "fault"> };

/** All faults. */
export const FAULT_NAMES: readonly FaultName[] = [
  "bad_gateway",
  "socket_reset",
  "slow",
  "resource_limits",
  "rate_limited",
  "secondary_limit",
  "too_many_requests",
  "timeout_message",
  "not_found_ids",
  "missing_scope",
  "revoked_token",
  "empty_repository",
  "redirect",
  "forbidden",
];

/** All kinds of operations. */
export const OPERATION_KINDS: readonly OperationKind[] = [
  "search",
  "history",
  "maintainers",
  "people",
  "viewer",
  "rest",
  "other",
];
