import { describe, expect, it } from "vitest";
import { buildSpec } from "../testing/index.ts";
import { createSpending } from "./spending.ts";

const nothing = { requests: 0, failedRequests: 0, points: 0, cacheHits: 0, waitedMs: 0 };
const limits = (changed: object) => {
  const { limits: defaults } = buildSpec();
  return buildSpec({ limits: { ...defaults, ...changed } });
};

describe("createSpending", () => {
  it("S23 lets a job make as many requests as it may, and names the limit at the next", () => {
    const spending = createSpending(limits({ maxRequests: 3 }), nothing);
    for (let request = 0; request < 3; request += 1) spending.request();
    expect(() => spending.request()).toThrow(
      expect.objectContaining({
        code: "limit_reached",
        retryable: false,
        message: "The job has used up limits.max_requests: 3.",
      }),
    );
  });

  it("S23 stops at the points that may be spent", () => {
    const spending = createSpending(limits({ maxPoints: 5 }), nothing);
    spending.request();
    spending.points(5);
    expect(() => spending.request()).toThrow("limits.max_points: 5");
  });

  it("goes on from what the runs before have spent", () => {
    const spending = createSpending(limits({ maxRequests: 10 }), { ...nothing, requests: 10 });
    expect(() => spending.request()).toThrow("limits.max_requests: 10");
  });

  it("has no end without limits", () => {
    const spending = createSpending(limits({ maxRequests: null, maxPoints: null }), nothing);
    for (let request = 0; request < 10_000; request += 1) spending.request();
    expect(() => spending.points(1e9)).not.toThrow();
  });
});
