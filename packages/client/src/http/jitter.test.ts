import fc from "fast-check";
import { expect, it } from "vitest";
import { jitterMs } from "./jitter.ts";

const backoff = { baseDelayMs: 500, maxDelayMs: 10_000 };

it("is any part of a span that doubles with every failure, up to the longest", () => {
  const spans = [1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => jitterMs(failures, backoff, () => 1));
  expect(spans).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  expect(jitterMs(3, backoff, () => 0.25)).toBe(500);
});

it("is never nothing, and never longer than the longest", () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), chance, (failures, part) => {
      const waitMs = jitterMs(failures, backoff, () => part);
      expect(waitMs).toBeGreaterThanOrEqual(50);
      expect(waitMs).toBeLessThanOrEqual(10_000);
    }),
  );
});
