import * as v from "valibot";
import { wholeNumber } from "./leaf-schema.ts";

/** Bound of `retries.max_attempts`. */
export const attemptLimit = wholeNumber(1, 20);
/** Bound of `retries.base_delay_ms`: ten minutes. */
export const baseDelay = wholeNumber(0, 600_000);
/** Bound of `retries.max_delay_ms`: an hour. */
export const maxDelay = wholeNumber(0, 3_600_000);

/** `retries`: how often a failed attempt of the whole job is tried again, and how long it waits. */
export const retriesConfigSchema = v.strictObject(
  {
    max_attempts: v.optional(attemptLimit),
    base_delay_ms: v.optional(baseDelay),
    max_delay_ms: v.optional(maxDelay),
  },
  "a mapping with max_attempts, base_delay_ms and max_delay_ms",
);
