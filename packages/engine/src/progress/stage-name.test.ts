import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, cutText } from "./clean-text.ts";
import { cleanStageId } from "./stage-name.ts";

describe("rule 1: the id of a stage", () => {
  it.each([
    ["Data  Fetch", "data_fetch"],
    [" deep - dive ", "deep_dive"],
    ["a\u00a0\u3000b", "a_b"],
    ["dis\u0000cov\u202eery", "discovery"],
    ["İ", "i̇"],
    ["\ud83d\u0000\ude00", "\ud83d\ude00"],
    ["a\ud83d", "a\ufffd"],
    ["--", "_"],
    ["unknown stage", "unknown_stage"],
  ])("of %j is %j", (name, id) => expect(cleanStageId(name)).toBe(id));

  it.each([
    "",
    "   ",
    "\u0007",
    " Un\u202eknown",
    "N/A",
    "-",
    "?",
    "UNDEFINED",
    "un\u212anown",
    "Cancelled",
    "complete",
  ])("%j names no stage", (name) => expect(cleanStageId(name)).toBeNull());

  it("only a string names one", () => {
    for (const name of [null, undefined, 7, {}, ["alpha"], { toString: () => "alpha" }]) {
      expect(cleanStageId(name)).toBeNull();
    }
  });

  it("is cut at 100 code points, and no pair is split", () => {
    expect(cleanStageId("😀".repeat(120))).toBe("😀".repeat(100));
    expect(cleanStageId(`${"a".repeat(99)}😀😀`)).toBe(`${"a".repeat(99)}😀`);
  });

  it("of an id is that id", () => {
    const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme", maxLength: 150 }));
    fc.assert(
      fc.property(anyText, (name) => {
        const id = cleanStageId(name);
        expect(cleanStageId(id)).toBe(id);
      }),
      { numRuns: 3000 },
    );
  });
});

it("cleaned and cut text is a fixed point, well formed, and no longer than its limit", () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 });
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 20 }), (codes, limit) => {
      const text = cutText(cleanText(String.fromCharCode(...codes)), limit);
      expect(cutText(cleanText(text), limit)).toBe(text);
      expect([...text].length).toBeLessThanOrEqual(limit);
      expect(/[\p{Cc}\p{Cs}\p{Bidi_Control}]|^\s|\s$/u.test(text)).toBe(false);
    }),
    { numRuns: 3000 },
  );
});
