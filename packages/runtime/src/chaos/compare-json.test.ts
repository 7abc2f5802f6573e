import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareJson } from "./compare-json.ts";

describe("compareJson", () => {
  it("finds the first difference by the keys of the expected value", () => {
    const expected = { counts: { leads: 3, profiles: 5 }, rows: [{ id: 1 }, { id: 2 }] };
    const found = { rows: [{ id: 1 }, { id: 3 }], counts: { leads: 3, profiles: 4 } };
    expect(compareJson(expected, found)).toEqual({ path: "counts.profiles", expected: 5, found: 4 });
    expect(compareJson(expected.rows, found.rows)).toEqual({ path: "1.id", expected: 2, found: 3 });
  });

  it("tells what is missing from what is null, and a list from a mapping", () => {
    expect(compareJson({ a: null }, {})).toEqual({ path: "a", expected: null, found: undefined });
    expect(compareJson({}, { a: null })).toEqual({ path: "a", expected: undefined, found: null });
    expect(compareJson([], {})).toEqual({ path: "", expected: [], found: {} });
    expect(compareJson("1", 1)).toEqual({ path: "", expected: "1", found: 1 });
  });

  it("finds none between copies, and one between values that differ", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(compareJson(one, copyOf(one))).toBeNull();
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(compareJson(one, other) === null).toBe(same);
      }),
    );
  });
});

// As it comes out of a store: JSON knows no -0.
const json = fc.jsonValue().map(copyOf);

function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return { entries: entries.sort(([one], [other]) => (one < other ? -1 : 1)) };
}
