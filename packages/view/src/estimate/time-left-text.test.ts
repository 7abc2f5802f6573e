import { describe, expect, it } from "vitest";
import type { RunEstimate } from "./run-estimate.ts";
import { timeLeftText } from "./time-left-text.ts";

const left = (p50: number, p90: number): RunEstimate => ({
  state: "estimated",
  remainingMs: { p50: p50 * 1_000, p90: p90 * 1_000 },
  endsAt: { p50: 0, p90: 0 },
  percent: 50,
  basis: { runs: 8, quotaWaitMs: 0 },
});

describe("The time left in words", () => {
  it.each([
    [2, 4, "less than 5 s left", "less than 5 s left"],
    [3, 12, "less than 5 s left (up to 10 s)", "less than 5 s left (max 10 s)"],
    [42, 58, "about 40 s left (up to 1 min)", "40 s left (max 1 min)"],
    [118, 241, "about 2 min left (up to 4 min)", "2 min left (max 4 min)"],
    [118, 130, "about 2 min left", "2 min left"],
    [4_100, 5_400, "about 1 h 10 min left (up to 1 h 30 min)", "1 h 10 min left (max 1 h 30 min)"],
    [3_599, 3_601, "about 1 h left", "1 h left"],
  ])("of %i to %i seconds is no more exact than it is known", (p50, p90, text, brief) => {
    expect(timeLeftText(left(p50, p90))).toBe(text);
    expect(timeLeftText(left(p50, p90), { brief: true })).toBe(brief);
  });

  it.each([
    ["first_of_its_kind", "time left unknown: first run of its kind"],
    ["overdue", "time left unknown: later than expected"],
  ] as const)("is unknown where it is: %s", (because, text) => {
    expect(timeLeftText({ state: "unknown", because })).toBe(text);
    expect(timeLeftText({ state: "unknown", because }, { brief: true })).toBe("time left unknown");
  });

  it.each(["paused", "not_started", "between_attempts"] as const)(
    "is not told where the state of the run says it: %s",
    (because) => {
      expect(timeLeftText({ state: "unknown", because })).toBeNull();
    },
  );

  it("is not told of a run that has ended", () => {
    expect(timeLeftText(null)).toBeNull();
  });
});
