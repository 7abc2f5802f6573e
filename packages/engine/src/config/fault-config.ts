import * as v from "valibot";
import { listOf, wholeNumber } from "./leaf-schema.ts";

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
export const faultOperations = [
  "search",
  "history",
  "maintainers",
  "people",
  "viewer",
  "rest",
  "other",
] as const;

const fault = v.picklist(faultNames, `one of ${faultNames.join(", ")}`);
const operation = v.picklist(faultOperations, `one of ${faultOperations.join(", ")}`);
const share = "a share from 0 to 1";
const bounds = {
  at: wholeNumber(1, 1_000_000),
  every: wholeNumber(1, 1_000_000),
  times: wholeNumber(1, 1_000_000),
  share: v.pipe(v.number(share), v.minValue(0, share), v.maxValue(1, share)),
  delayMs: wholeNumber(0, 600_000),
  seconds: wholeNumber(0, 86_400),
};

/** `source.faults`: what goes wrong, and when. */
export const faultsConfigSchema = listOf(
  v.strictObject(
    {
      fault,
      operation: v.optional(operation),
      at: v.optional(bounds.at),
      every: v.optional(bounds.every),
      rate: v.optional(bounds.share),
      times: v.optional(bounds.times),
      delay_ms: v.optional(bounds.delayMs),
      retry_after_seconds: v.optional(v.nullable(bounds.seconds)),
      reset_after_seconds: v.optional(bounds.seconds),
      share: v.optional(bounds.share),
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
      at: v.exactOptional(bounds.at),
      /** Every n-th matching request. */
      every: v.exactOptional(bounds.every),
      /** The share of matching requests; which ones follows from the seed. */
      rate: v.exactOptional(bounds.share),
      /** At most so many times. */
      times: v.exactOptional(bounds.times),
      /** With `slow`: how much later the answer comes. */
      delayMs: v.exactOptional(bounds.delayMs),
      /** With `secondary_limit` and `too_many_requests`: what `Retry-After` says; null sends none. */
      retryAfterSeconds: v.exactOptional(v.nullable(bounds.seconds)),
      /** With `rate_limited`: when the quota is full again. */
      resetAfterSeconds: v.exactOptional(bounds.seconds),
      /** With faults that concern a part of an answer: how large a part. */
      share: v.exactOptional(bounds.share),
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
