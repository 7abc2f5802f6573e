import { describe, expect, it } from "vitest";
import { mergeEvents } from "./merge-events.ts";

const progress = (data: object) => ({ type: "stage.progress", data: { stage: "a", ...data } });

describe("rule 15: merging on the way", () => {
  it("keeps the highest count and percent, the last total and item that are known, and the later envelope", () => {
    const earlier = {
      seq: 4,
      ...progress({ itemsProcessed: 10, itemsTotal: 40, currentItem: "x", percent: 25 }),
    };
    const later = {
      seq: 7,
      ...progress({ itemsProcessed: 9, itemsTotal: 400, currentItem: null, percent: 2 }),
    };
    expect(mergeEvents(earlier, later)).toEqual({
      seq: 7,
      type: "stage.progress",
      data: { stage: "a", itemsProcessed: 10, itemsTotal: 400, currentItem: "x", percent: 25 },
    });
  });

  it("keeps the highest of a counter and the last of a gauge", () => {
    const earlier = { type: "metrics", data: { metrics: { repos: 5, gauge_depth: 5, people: 1 } } };
    const later = { type: "metrics", data: { metrics: { repos: 3, gauge_depth: 2, leads: 1 } } };
    expect(mergeEvents(earlier, later)?.data).toEqual({
      metrics: { repos: 5, gauge_depth: 2, people: 1, leads: 1 },
    });
  });

  it("leaves apart what is of another stage or type, or must never be merged", () => {
    const first = progress({ itemsProcessed: 1 });
    expect(mergeEvents(first, { type: "stage.progress", data: { stage: "b" } })).toBeNull();
    expect(mergeEvents(first, { type: "metrics", data: { metrics: {} } })).toBeNull();
    expect(mergeEvents(first, { type: "stage.progress", data: null })).toBeNull();
    for (const type of [
      "stage.started",
      "stage.completed",
      "log",
      "artifact.created",
      "job.started",
      "tool.started",
    ]) {
      const event = { type, data: { stage: "a" } };
      expect(mergeEvents(event, event)).toBeNull();
    }
  });
});
