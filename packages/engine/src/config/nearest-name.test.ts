import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

const keys = ["language", "languages", "stars_range", "activity_days", "target_leads", "name", "mail"];

describe("nearestName", () => {
  it.each([
    ["langauge", "language"],
    ["Language", "language"],
    ["starsRange", "stars_range"],
    ["stars-range", "stars_range"],
    ["target_lead", "target_leads"],
    ["nmae", "name"],
    ["activitydays", "activity_days"],
  ])("finds what %s meant", (written, meant) => {
    expect(nearestName(written, keys)).toBe(meant);
  });

  it("finds nothing for a name that is near none", () => {
    expect(nearestName("colour", keys)).toBeNull();
    expect(nearestName("", keys)).toBeNull();
    expect(nearestName("x".repeat(1_000_000), keys)).toBeNull();
    expect(nearestName("name", [])).toBeNull();
  });

  it("finds every key itself", () => {
    fc.assert(fc.property(fc.constantFrom(...keys), (key) => nearestName(key, keys) === key));
  });
});
