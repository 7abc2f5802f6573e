import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellWord } from "./shell-word.ts";

describe("A file's name in a command", () => {
  it.each([
    ["job_1_bundle.zip", "job_1_bundle.zip"],
    ["my run (1).zip", "'my run (1).zip'"],
    ["it's.zip", "'it'\\''s.zip'"],
    ["-full.zip", "./-full.zip"],
  ])("%s is %s", (name, word) => {
    expect(shellWord(name)).toBe(word);
  });

  it("is one word for a shell, whatever is in it", () => {
    const names = fc.string({ minLength: 1, unit: "grapheme" }).filter((name) => !name.includes("\0"));
    fc.assert(
      fc.property(names, (name) => {
        const heard = execFileSync("sh", ["-c", `printf %s ${shellWord(name)}`], { encoding: "utf8" });
        expect(heard).toBe(name.startsWith("-") ? `./${name}` : name);
      }),
      { numRuns: 40 },
    );
  });
});
