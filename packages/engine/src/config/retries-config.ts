import * as v from "valibot";
import { wholeNumber } from "./leaf-schema.ts";

/** What each setting of the retries may be. */
export const retryBounds = {
  maxAttempts: wholeNumber(1, 20),
  baseDelayMs: wholeNumber(0, 600_000),
  maxDelayMs: wholeNumber(0, 3_600_000),
};

/** `retries`: how often a failed attempt of the whole job is tried again, and how long it waits. */
export const retriesConfigSchema = v.strictObject(
  {
    max_attempts: v.optional(retryBounds.maxAttempts),
    base_delay_ms: v.optional(retryBounds.baseDelayMs),
    max_delay_ms: v.optional(retryBounds.maxDelayMs),
  },
  "a mapping with max_attempts, base_delay_ms and max_delay_ms",
);
