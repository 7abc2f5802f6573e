import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differingParts } from "./differing-parts.ts";

describe("Texts side by side", () => {
  it("are left as they are where both have room, or differ early", () => {
    expect(differingParts("one", "other", 5)).toEqual(["one", "other"]);
    expect(differingParts("x".repeat(50), "y".repeat(50), 40)).toEqual(["x".repeat(50), "y".repeat(50)]);
  });

  it("begin shortly before the place where they part", () => {
    const before = `{"list":[${"1,".repeat(60)}`;
    const [one, other] = differingParts(`${before}2]}`, `${before}3]}`, 12);
    expect(one).toBe(`…${before.slice(-4)}2]}`);
    expect(other).toBe(`…${before.slice(-4)}3]}`);
  });

  it("differ in what is seen of them whenever they differ", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "𝒳"), maxLength: 60 });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 6, max: 20 }), (start, one, other, most) => {
        const [first, second] = differingParts(start + one, start + other, most);
        const seen = (shown: string) => [...shown].slice(0, most).join("");
        const cut = (shown: string) => [...shown].length > most;
        if (start + one !== start + other) {
          expect([seen(first), cut(first)]).not.toEqual([seen(second), cut(second)]);
        }
      }),
    );
  });
});
