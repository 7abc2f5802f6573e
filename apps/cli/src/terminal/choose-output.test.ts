import { describe, expect, it } from "vitest";
import { chooseOutput, wantsColors } from "./choose-output.ts";

const facts = { requested: "auto" as const, isTty: true, columns: 100, env: {} };

describe("chooseOutput", () => {
  it("S39 redraws rows only on a terminal that knows its width, and not in CI", () => {
    expect(chooseOutput(facts).mode).toBe("tty");
    expect(chooseOutput({ ...facts, env: { NO_COLOR: "1" } }).mode).toBe("tty");
    expect(chooseOutput({ ...facts, isTty: false }).mode).toBe("plain");
    expect(chooseOutput({ ...facts, columns: 0 }).mode).toBe("plain");
    expect(chooseOutput({ ...facts, env: { CI: "true" } }).mode).toBe("plain");
    expect(chooseOutput({ ...facts, env: { CI: "false" } }).mode).toBe("tty");
    expect(chooseOutput({ ...facts, env: { TERM: "dumb" } }).mode).toBe("plain");
  });

  it("does what was asked, and says why when it cannot", () => {
    expect(chooseOutput({ ...facts, requested: "json" })).toEqual({ mode: "json", note: null });
    expect(chooseOutput({ ...facts, requested: "tty", env: { CI: "1" } })).toEqual({
      mode: "tty",
      note: null,
    });
    expect(chooseOutput({ ...facts, requested: "tty", isTty: false })).toEqual({
      mode: "plain",
      note: "stdout is not a terminal",
    });
    expect(chooseOutput({ ...facts, requested: "tty", columns: 0 })).toMatchObject({ mode: "plain" });
  });
});

describe("wantsColors", () => {
  it("says no for any NO_COLOR that is not empty, and on a dumb terminal", () => {
    expect([{}, { NO_COLOR: "" }, { NO_COLOR: "0" }, { TERM: "dumb" }].map(wantsColors)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
