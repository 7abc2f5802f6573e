import { describe, expect, it } from "vitest";
import { createBoundedLabel } from "./bounded-label.ts";

describe("createBoundedLabel", () => {
  it("lets so many values through, always the same ones, and calls the rest other", () => {
    const label = createBoundedLabel(2);
    expect(["a", "b", "c", "a", "d", "b"].map(label)).toEqual(["a", "b", "other", "a", "other", "b"]);
  });
});
