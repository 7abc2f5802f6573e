import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choosePoints, possiblePoints } from "./chaos-point.ts";

const kinds = fc.array(fc.constantFrom("http", "clock.sleep", "store.updateJob", "file.write"), {
  minLength: 1,
  maxLength: 1_500,
});

describe("choosePoints", () => {
  it("takes every effect, before and after it, of a campaign of up to 500", () => {
    const effects = Array.from({ length: 500 }, () => "http");
    expect(choosePoints(effects, { seed: 1 })).toEqual(possiblePoints(effects));
    expect(choosePoints([...effects, "http"], { seed: 1 })).toHaveLength(998);
    expect(choosePoints([...effects, "http"], { seed: 1, points: "all" })).toHaveLength(1_002);
    const many = Array.from({ length: 100_000 }, () => "http");
    expect(choosePoints(many, { seed: 1 })).toHaveLength(50);
    expect(choosePoints(["http", "http"], { seed: 1, moments: ["after"] })).toEqual([
      { effect: 1, moment: "after", kind: "http" },
      { effect: 2, moment: "after", kind: "http" },
    ]);
  });

  it("takes each n-th effect", () => {
    const effects = Array.from({ length: 10 }, () => "http");
    const chosen = choosePoints(effects, { seed: 1, every: 4, moments: ["before"] });
    expect(chosen.map(({ effect }) => effect)).toEqual([4, 8]);
  });

  it("takes as many points as are asked for, in order, no two the same, all kinds first, the same for a seed", () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 200 }), fc.nat(), (effects, points, seed) => {
        const chosen = choosePoints(effects, { seed, points });
        const possible = possiblePoints(effects);
        expect(chosen).toHaveLength(Math.min(points, possible.length));
        const places = chosen.map(({ effect, moment }) => effect * 2 + (moment === "after" ? 1 : 0));
        expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
        if (points >= 4) expect(new Set(chosen.map(({ kind }) => kind))).toEqual(new Set(effects));
        expect(choosePoints(effects, { seed, points })).toEqual(chosen);
      }),
    );
  });

  it("spreads them: no great part of a campaign is left out", () => {
    const effects = Array.from({ length: 10_000 }, () => "http");
    const chosen = choosePoints(effects, { seed: 3, points: 100, moments: ["before"] });
    const gaps = chosen.slice(1).map((point, index) => point.effect - (chosen[index]?.effect ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(203);
  });
});
