import type { ProgressStage } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { remainingMs } from "./remaining-time.ts";

const stage: ProgressStage = { id: "extraction", state: "active", itemsProcessed: 25, itemsTotal: 100 };
const view = {
  startedAt: 0,
  endedAt: null,
  total: 100,
  totalSince: 0,
  item: null,
  shownShare: 0.25,
  leftBecause: null,
};

describe("The time that a stage will still take", () => {
  it("follows the pace so far", () => {
    expect(remainingMs(stage, view, 10_000)).toBe(30_000);
    expect(remainingMs({ ...stage, itemsProcessed: 99 }, view, 9_900)).toBe(100);
    // All that has come is done, and more may come.
    expect(remainingMs({ ...stage, itemsProcessed: 100 }, view, 10_000)).toBeNull();
  });

  it.each([
    ["too little is done", { itemsProcessed: 4 }, {}, 10_000],
    ["no total is known", { itemsTotal: null }, {}, 10_000],
    ["too little time has passed", {}, {}, 1_500],
    ["the total has changed lately", {}, { totalSince: 9_000 }, 10_000],
    ["it is over", { state: "done" as const }, {}, 10_000],
  ])("is not told when %s", (_why, stagePatch, viewPatch, now) => {
    expect(remainingMs({ ...stage, ...stagePatch }, { ...view, ...viewPatch }, now)).toBeNull();
  });
});
