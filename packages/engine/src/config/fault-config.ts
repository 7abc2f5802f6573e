import * as v from "valibot";
import { listOf, oneOf, wholeNumber } from "./leaf-schema.ts";

/** What the simulator can be told to do wrong. */
export const faultNames = [
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
] as const;

/** The kinds of requests that a fault can be aimed at. */
const faultOperations = ["search", "history", "maintainers", "people", "viewer", "rest", "other"] as const;

const fault = oneOf(faultNames);
const operation = oneOf(faultOperations);
const share = "a share from 0 to 1";
const ordinal = wholeNumber(1, 1_000_000);
const part = v.pipe(v.number(share), v.minValue(0, share), v.maxValue(1, share));
const delayMs = wholeNumber(0, 600_000);
const seconds = wholeNumber(0, 86_400);

/** `source.faults`: what goes wrong, and when. */
export const faultsConfigSchema = listOf(
  v.strictObject(
    {
      fault,
      operation: v.optional(operation),
      at: v.optional(ordinal),
      every: v.optional(ordinal),
      rate: v.optional(part),
      times: v.optional(ordinal),
      delay_ms: v.optional(delayMs),
      retry_after_seconds: v.optional(v.nullable(seconds)),
      reset_after_seconds: v.optional(seconds),
      share: v.optional(part),
    },
    "a mapping with fault, and when it happens",
  ),
  100,
  "faults",
);

/** Faults as a spec holds them; what was not said is not there. */
export const faultsSpecSchema = listOf(
  v.strictObject(
    {
      /** What goes wrong. */
      fault,
      /** Only requests of this kind. */
      operation: v.exactOptional(operation),
      /** The n-th matching request, counted from 1. */
      at: v.exactOptional(ordinal),
      /** Every n-th matching request. */
      every: v.exactOptional(ordinal),
      /** The share of matching requests; which ones follows from the seed. */
      rate: v.exactOptional(part),
      /** At most so many times. */
      times: v.exactOptional(ordinal),
      /** With `slow`: how much later the answer comes. */
      delayMs: v.exactOptional(delayMs),
      /** With `secondary_limit` and `too_many_requests`: what `Retry-After` says; null sends none. */
      retryAfterSeconds: v.exactOptional(v.nullable(seconds)),
      /** With `rate_limited`: when the quota is full again. */
      resetAfterSeconds: v.exactOptional(seconds),
      /** With faults that concern a part of an answer: how large a part. */
      share: v.exactOptional(part),
    },
    "a mapping with fault, and when it happens",
  ),
  100,
  "faults",
);

/** The faults that each setting means something to; other settings concern all. */
export const faultSettings = {
  delay_ms: ["slow"],
  retry_after_seconds: ["secondary_limit", "too_many_requests"],
  reset_after_seconds: ["rate_limited"],
  share: ["resource_limits", "not_found_ids", "empty_repository"],
} as const satisfies Record<string, readonly (typeof faultNames)[number][]>;
