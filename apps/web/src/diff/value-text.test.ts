import { describe, expect, it } from "vitest";
import { valueText } from "./value-text.ts";

describe("A value that differs", () => {
  it.each([
    [null, "–"],
    [undefined, "–"],
    [0, "0"],
    [0.25, "0.25"],
    [12_345, (12_345).toLocaleString()],
    ["", ""],
    ["Go", "Go"],
    [false, "false"],
    [["a", "b"], '["a","b"]'],
    [{ login: 2 }, '{"login":2}'],
  ])("%j is read as %s", (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
