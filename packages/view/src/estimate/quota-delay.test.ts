import { describe, expect, it } from "vitest";
import { quotaDelayMs } from "./quota-delay.ts";

const minute = 60_000;
const hour = 60 * minute;
const from = 1_000_000;
const quota = { limit: 100, remaining: 40, resetAt: from + 30 * minute };

describe("The time for which the quota is waited", () => {
  it("is none while there is enough of it, or nobody says", () => {
    expect(quotaDelayMs(quota, { from, workMs: minute, points: 40 })).toBe(0);
    expect(quotaDelayMs(null, { from, workMs: minute, points: 1_000 })).toBe(0);
    expect(quotaDelayMs(quota, { from, workMs: minute, points: 0 })).toBe(0);
  });

  it("is the rest of the window when it is used up before that ends", () => {
    // 40 of 80 points take four of the eight minutes.
    expect(quotaDelayMs(quota, { from, workMs: 8 * minute, points: 80 })).toBe(26 * minute);
  });

  it("is none when it is full again before it is used up", () => {
    expect(quotaDelayMs(quota, { from, workMs: 80 * minute, points: 80 })).toBe(0);
  });

  it("takes as many windows as it takes", () => {
    // 40 at once, then 100 each at 30 and 90 minutes, and the last 10 at 150.
    expect(quotaDelayMs(quota, { from, workMs: 0, points: 250 })).toBe(30 * minute + 2 * hour);
  });

  it("begins with a full one where what was said of it is over", () => {
    const old = { ...quota, remaining: 0, resetAt: from - 1 };
    expect(quotaDelayMs(old, { from, workMs: minute, points: 100 })).toBe(0);
    expect(quotaDelayMs(old, { from, workMs: 0, points: 101 })).toBe(hour);
  });
});
