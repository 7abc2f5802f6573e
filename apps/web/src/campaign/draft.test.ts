import { describe, expect, it } from "vitest";
import { draftOf, firstText, valueAt, withValue } from "./draft.ts";

describe("A draft of a config", () => {
  it("is changed where one changes it, and keeps comments and everything else", () => {
    const draft = withValue(draftOf(firstText), ["params", "language"], "Rust");
    expect(draft.text).toBe(firstText.replace("language: Go", "language: Rust"));
    expect(valueAt(draft, ["params", "language"])).toBe("Rust");
  });

  it("gains a key with the sections on the way to it, and loses them with the last key", () => {
    const draft = draftOf("name: a\n");
    const more = withValue(draft, ["scoring", "weights", "fit", "stars"], 3);
    expect(valueAt(more, ["scoring", "weights", "fit", "stars"])).toBe(3);
    expect(withValue(more, ["scoring", "weights", "fit", "stars"], undefined).text).toBe("name: a\n");
  });

  it("takes the short form of a source for what it stands for", () => {
    const draft = draftOf("source: simulator\n");
    expect(valueAt(draft, ["source", "type"])).toBe("simulator");
    expect(valueAt(draft, ["source", "seed"])).toBeUndefined();
    const more = withValue(draft, ["source", "seed"], 7);
    expect(valueAt(more, ["source", "type"])).toBe("simulator");
    expect(valueAt(more, ["source", "seed"])).toBe(7);
  });

  it.each(["- a\n- b\n", "just text", "a: [", "a: 1\na: 2\n", "&a [*a]\n"])("is no form for %j", (text) => {
    const draft = draftOf(text);
    expect(draft.document).toBeNull();
    expect(withValue(draft, ["name"], "x").text).toBe(text);
    expect(valueAt(draft, ["name"])).toBeUndefined();
  });

  it("is empty where there is nothing", () => {
    expect(withValue(draftOf(""), ["name"], "x").text).toBe("name: x\n");
    expect(withValue(draftOf("# only a comment\n"), ["params", "language"], "C").text).toContain(
      "language: C",
    );
  });
});
