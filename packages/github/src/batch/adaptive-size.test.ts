import fc from "fast-check";
import { expect, test } from "vitest";
import { createAdaptiveSize } from "./adaptive-size.ts";

test("it halves when a batch was too much, once for batches that were in flight together", () => {
  const size = createAdaptiveSize(100);
  size.tooMuch(100);
  size.tooMuch(100);
  expect(size.current()).toBe(50);
  size.tooMuch(50);
  expect(size.current()).toBe(25);
});

test("it grows by half after five fast answers at full size, and never beyond the start", () => {
  const size = createAdaptiveSize(10);
  size.tooMuch(10);
  for (let answer = 0; answer < 4; answer += 1) size.answered(5, 2_999);
  expect(size.current()).toBe(5);
  size.answered(5, 2_999);
  expect(size.current()).toBe(7);
  for (let answer = 0; answer < 50; answer += 1) size.answered(size.current(), 10);
  expect(size.current()).toBe(10);
});

test("a slow answer starts the count again, a smaller batch does not count, two very slow answers halve", () => {
  const size = createAdaptiveSize(10);
  size.tooMuch(10);
  for (let answer = 0; answer < 4; answer += 1) size.answered(5, 10);
  size.answered(5, 3_000);
  for (let answer = 0; answer < 4; answer += 1) size.answered(5, 10);
  for (let answer = 0; answer < 9; answer += 1) size.answered(4, 10);
  expect(size.current()).toBe(5);
  size.answered(5, 7_000);
  expect(size.current()).toBe(5);
  size.answered(5, 7_000);
  expect(size.current()).toBe(2);
});

test("whatever happens it stays between 1 and the start, and a failed size is never the next", () => {
  const step = fc.record({
    failed: fc.boolean(),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    ms: fc.nat(12_000),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.array(step), (maximum, steps) => {
      const size = createAdaptiveSize(maximum);
      for (const { failed, share, ms } of steps) {
        const asked = Math.max(1, Math.ceil(share * size.current()));
        if (failed) size.tooMuch(asked);
        else size.answered(asked, ms);
        expect(size.current()).toBeGreaterThanOrEqual(1);
        expect(size.current()).toBeLessThanOrEqual(maximum);
        if (failed && asked > 1) expect(size.current()).toBeLessThan(asked);
      }
    }),
  );
});
