import type { QuotaReading } from "../quota/quota-state.ts";

/** The quota that an answer's headers report; null when they report none. */
export function readQuota(headers: Headers): QuotaReading | null {
  const limit = readNumber(headers, "x-ratelimit-limit");
  const remaining = readNumber(headers, "x-ratelimit-remaining");
  const reset = readNumber(headers, "x-ratelimit-reset");
  return limit === null || remaining === null || reset === null
    ? null
    : { limit, remaining, resetAtMs: reset * 1000 };
}

/** How long `retry-after` asks to wait, given as seconds or as a date; null without one. */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | null {
  const seconds = readNumber(headers, "retry-after");
  if (seconds !== null) return Math.ceil(seconds * 1000);
  const date = Date.parse(headers.get("retry-after") ?? "");
  return Number.isNaN(date) ? null : Math.max(0, date + readClockOffsetMs(headers, nowMs) - nowMs);
}

/**
 * The local clock minus GitHub's, by the `date` header: a machine whose clock is ahead must not come back too early.
 * 0 within 2 s (the header has whole seconds) and beyond an hour (then the header is not about the present).
 */
export function readClockOffsetMs(headers: Headers, nowMs: number): number {
  const offsetMs = nowMs - Date.parse(headers.get("date") ?? "");
  return Math.abs(offsetMs) > 2_000 && Math.abs(offsetMs) <= 3_600_000 ? offsetMs : 0;
}

/** The id under which GitHub's support finds a request; null without one. */
export function readRequestId(headers: Headers): string | null {
  return headers.get("x-github-request-id")?.match(/^[\w:.-]{1,100}$/)?.[0] ?? null;
}

/** The scopes that a header lists; null where the token has no scopes to speak of (fine-grained, app). */
export function readScopes(
  headers: Headers,
  name: "x-oauth-scopes" | "x-accepted-oauth-scopes",
): string[] | null {
  const value = headers.get(name);
  if (value === null) return null;
  return value
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => /^[\w:.-]+$/.test(scope))
    .sort();
}

function readNumber(headers: Headers, name: string): number | null {
  const value = headers.get(name)?.trim() ?? "";
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}
