import { describe, expect, it } from "vitest";
import { wrapWords } from "./wrap-words.ts";

describe("wrapWords", () => {
  it("breaks between words and indents what follows", () => {
    expect(wrapWords("▶ Find 3 people who keep Go alive", { width: 14, indent: "  " })).toBe(
      "▶ Find 3\n  people who\n  keep Go\n  alive",
    );
    expect(wrapWords("short", { width: 14, indent: "  " })).toBe("short");
  });

  it("leaves a word that is longer than the line whole", () => {
    expect(wrapWords("see exports/job_1_leads.csv now", { width: 10, indent: "" })).toBe(
      "see\nexports/job_1_leads.csv\nnow",
    );
  });
});
