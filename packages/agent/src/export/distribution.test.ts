import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTally, scoreHistogram } from "./distribution.ts";

/** Told value by value, with an interruption after each of them. */
function distributionOf(values: readonly (string | null)[], options?: { least?: number }) {
  let tally = createTally();
  for (const value of values) {
    tally = createTally(JSON.parse(JSON.stringify(tally.counts())));
    tally.add(value);
  }
  return tally.distribution(options);
}

describe("a distribution", () => {
  it("tells how often values stand there, most first, whatever they are written like", () => {
    expect(
      distributionOf(["@acme", "Acme", " ACME  ", "Widget  Works", "widget works", null, "", "  "]),
    ).toEqual({
      ACME: 3,
      "Widget Works": 2,
    });
  });

  it("names nobody who is alone", () => {
    expect(distributionOf(["Acme", "Acme", "Ada Probe Consulting"])).toEqual({ Acme: 2, other: 1 });
  });

  it("tells no addresses and no sentences", () => {
    const long = "I work for nobody in particular and live where the sea is, ask me about it";
    expect(distributionOf(["ada@probe.example", "ada@probe.example", long, long, "Acme", "Acme"])).toEqual({
      Acme: 2,
      other: 4,
    });
  });

  it("keeps every value apart from what is called other, and from what reaches a prototype", () => {
    expect(distributionOf(["other", "Other", "__proto__", "__proto__", "Acme", "Acme"])).toEqual({
      Acme: 2,
      other: 4,
    });
  });

  it("counts everybody, in any order alike", () => {
    const values = fc.array(fc.oneof(fc.constantFrom("Acme", "acme", "Berlin", "@acme", null), fc.string()));
    fc.assert(
      fc.property(values, (list) => {
        const told = distributionOf(list);
        const total = Object.values(told).reduce((all, count) => all + count, 0);
        expect(total).toBeLessThanOrEqual(
          list.filter((value) => value !== null && value.trim() !== "").length,
        );
        for (const [value, count] of Object.entries(told))
          if (value !== "other") expect(count).toBeGreaterThan(1);
        expect(distributionOf(list.toReversed())).toEqual(told);
        expect(Object.keys(told).length).toBeLessThanOrEqual(21);
      }),
    );
  });

  it("may tell single values where they are of things and not of people", () => {
    expect(distributionOf(["Go", "Rust", null], { least: 1 })).toEqual({ Go: 1, Rust: 1 });
  });
});

describe("the histogram of scores", () => {
  it("counts by tens, from 0 to 100 and over", () => {
    expect(scoreHistogram([0, 9.9, 10, 89.9, 90, 100, 100.1, 250])).toEqual({
      "0-9": 2,
      "10-19": 1,
      "80-89": 1,
      "90-100": 2,
      over_100: 2,
    });
  });
});
