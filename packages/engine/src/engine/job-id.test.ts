import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/seeded-random.ts";
import { createJobId } from "./job-id.ts";

describe("createJobId", () => {
  const time = fc.integer({ min: 0, max: 32 ** 9 });

  it("S04 is safe in file names, URLs and shells", () => {
    fc.assert(
      fc.property(time, fc.nat(), (now, seed) => {
        expect(createJobId(now, seededRandom(seed))).toMatch(/^job_[0-9a-hjkmnp-z]{20}$/);
      }),
    );
  });

  it("sorts by the time of making, to the millisecond", () => {
    fc.assert(
      fc.property(time, time, fc.nat(), (one, other, seed) => {
        const random = seededRandom(seed);
        const [first, second] = [createJobId(one, random), createJobId(other, random)];
        if (one !== other) expect(first < second).toBe(one < other);
      }),
    );
  });

  it("tells thousands of one millisecond apart", () => {
    const random = seededRandom(7);
    const ids = Array.from({ length: 20_000 }, () => createJobId(1_900_000_000_000, random));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
