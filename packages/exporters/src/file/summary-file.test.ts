import { describe, expect, it } from "vitest";
import { checkArtifactName } from "./artifact-name.ts";
import { renderSummaryJson, summaryFileName } from "./summary-file.ts";

describe("The summary file", () => {
  it("is named by the job", () => {
    expect(summaryFileName("j1")).toBe("j1_summary.json");
    expect(() => summaryFileName("../j1")).toThrow(expect.objectContaining({ code: "export_failed" }));
  });

  it("is indented JSON, keys as given, with a line break at the end", () => {
    expect(renderSummaryJson({ b: null, a: [1] })).toBe('{\n  "b": null,\n  "a": [\n    1\n  ]\n}\n');
  });
});

describe("checkArtifactName", () => {
  it("gives a plain name back", () => {
    for (const name of ["j1_leads.csv", ".hidden", "名前.json", "a b..c"])
      expect(checkArtifactName(name)).toBe(name);
  });

  it.each(["", ".", "..", "a/b", "/a", "..\\a", "c:a", "a\u0000"])(
    "refuses %j, and says what to do",
    (name) => {
      expect(() => checkArtifactName(name)).toThrow(
        expect.objectContaining({ code: "export_failed", hint: expect.stringContaining("plain file name") }),
      );
    },
  );
});
