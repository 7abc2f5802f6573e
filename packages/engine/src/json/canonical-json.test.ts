import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonicalJson", () => {
  it("sorts keys at every depth by code units and writes no white space", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: "x", B: true })).toBe(
      '{"B":true,"a":"x","b":[{"c":null,"d":1}]}',
    );
  });

  it("treats undefined, -0 and toJSON as JSON.stringify does", () => {
    expect(canonicalJson({ a: undefined, b: [undefined, -0], c: new Date(0) })).toBe(
      '{"b":[null,0],"c":"1970-01-01T00:00:00.000Z"}',
    );
    expect(canonicalJson(new Array(2))).toBe("[null,null]");
    expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  it("refuses what has no faithful JSON", () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    for (const value of [cycle, Number.NaN, Number.POSITIVE_INFINITY, 1n, undefined, () => 1]) {
      expect(() => canonicalJson(value)).toThrowError(
        expect.objectContaining({ code: "invariant_violated" }),
      );
    }
  });

  it("allows the same object twice where that is no cycle", () => {
    const shared = { x: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });

  it("reads back as what was written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is the same text for the same value in whatever order its keys came", () => {
    const shuffled = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => ({
      value,
      reversed: Object.fromEntries(Object.entries(value).reverse()),
    }));
    fc.assert(
      fc.property(shuffled, ({ value, reversed }) => canonicalJson(value) === canonicalJson(reversed)),
    );
  });
});
