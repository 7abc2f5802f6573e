import { describe, expect, it } from "vitest";
import { describeValue } from "./describe-value.ts";

describe("describeValue", () => {
  it.each([
    ["abc", '"abc"'],
    ["", "an empty text"],
    [-0, "the number 0"],
    [Number.NaN, "the number NaN"],
    [true, "true"],
    [undefined, "nothing"],
    [null, "nothing"],
    [{ a: 1 }, "a mapping"],
    [10n, "a very large number"],
    [Symbol("x"), "a symbol"],
    [() => 1, "a function"],
  ])("describes %s", (value, words) => {
    expect(describeValue(value)).toBe(words);
  });

  it("cuts long text, and hides tokens and the names in addresses", () => {
    expect(describeValue("x".repeat(10_000_000))).toBe(`"${"x".repeat(60)}…"`);
    expect(describeValue(`token ghp_${"a".repeat(36)}`)).toBe("what looks like a token");
    expect(describeValue("ada@home.example")).toBe('"…@home.example"');
    expect(describeValue("line\nbreak\u001b[31m")).not.toContain("\u001b");
  });
});
