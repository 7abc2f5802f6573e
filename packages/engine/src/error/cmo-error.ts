import type { Problem } from "../result/problem.ts";

/**
 * Every error code of the product. The list is closed: a caller may switch over it, and a code never changes its
 * meaning. Codes are grouped by who has to act: the person (config, usage), the operator (source, store, API), us.
 */
export const errorCodes = [
  "config_invalid",
  "config_unreadable",
  "usage",
  "not_found",
  "conflict",
  "unauthenticated",
  "missing_scope",
  "forbidden",
  "rate_limited",
  "quota_exhausted",
  "source_unavailable",
  "source_rejected",
  "source_answer_invalid",
  "timeout",
  "cancelled",
  "limit_reached",
  "lease_lost",
  "nondeterministic_task",
  "invariant_violated",
  "store_unavailable",
  "store_corrupt",
  "store_newer",
  /** A later version has made the job: this one does not work on it. */
  "job_newer",
  /** The API did not answer; worth another try. */
  "api_unreachable",
  /** The API did not let us in: the key is missing, wrong, or not enough. */
  "api_refused",
  "export_failed",
  /** A run bundle that is none, was cut short or changed, or holds too much. */
  "bundle_invalid",
  /** A run bundle of a later version. */
  "bundle_newer",
  /** A replay wanted to know what nobody recorded. */
  "not_recorded",
  "agent_failed",
  "internal",
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** What a {@link CmoError} carries beside its message. */
export interface CmoErrorDetails {
  /** What to do now, naming the thing to change: `Set GITHUB_TOKEN, or use source: simulator.` */
  hint?: string;
  /** Whether the same work may succeed later without anybody changing anything. Default: by the code. */
  retryable?: boolean;
  /** Not before this many milliseconds from now, where the other side said so. */
  retryAfterMs?: number;
  /** Everything that is wrong with what was given, each with its place. Default: none is told. */
  problems?: readonly Problem[];
  /** The error underneath. */
  cause?: unknown;
}

/** The one error class of the product. */
export class CmoError extends Error {
  override readonly name = "CmoError";
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, details: CmoErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? null;
    this.retryable = details.retryable ?? retryableCodes.has(code);
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.problems = details.problems ?? [];
  }
}

/** Gives any thrown value as a {@link CmoError}; what is none becomes `fallback` (default `internal`), not retryable. */
export function toCmoError(thrown: unknown, fallback: ErrorCode = "internal"): CmoError {
  if (thrown instanceof CmoError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CmoError(fallback, message, { cause: thrown });
}

const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "source_unavailable",
  "timeout",
  "store_unavailable",
  "api_unreachable",
]);
