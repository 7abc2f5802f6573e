import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ageText } from "./age-text.ts";
import { table } from "./table.ts";

describe("table", () => {
  it("puts words by their beginnings and numbers by their ends, with nothing behind the last", () => {
    const text = table(
      [{ title: "NAME" }, { title: "COUNT", align: "right" }, { title: "NOTE" }],
      [
        ["a", "5", ""],
        ["longer", "1200", "x"],
      ],
    );
    expect(text).toBe("NAME    COUNT  NOTE\na           5\nlonger   1200  x\n");
  });

  it("cuts what is too long, by code points, and says so", () => {
    expect(table([{ title: "N", most: 3 }], [["abcd"], ["🦀🦀🦀🦀"], ["abc"]])).toBe("N\nab…\n🦀🦀…\nabc\n");
  });

  it("leaves out columns that reach over the width, from the last on, but never the first", () => {
    const columns = [{ title: "ONE" }, { title: "TWO" }, { title: "THREE" }];
    const rows = [["1", "22", "333"]];
    expect(table(columns, rows, 15)).toBe("ONE  TWO  THREE\n1    22   333\n");
    expect(table(columns, rows, 14)).toBe("ONE  TWO\n1    22\n");
    expect(table(columns, rows, 2)).toBe("ONE\n1\n");
  });

  it("has a line for each row, however few cells it has", () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.replaceAll(/\s/g, "x"));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 })), (rows) => {
        const lines = table([{ title: "A" }, { title: "B", align: "right" }], rows).split("\n");
        expect(lines).toHaveLength(rows.length + 2);
      }),
    );
  });
});

describe("ageText", () => {
  it.each([
    [-5, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_600_000, "1 h"],
    [47 * 3_600_000, "47 h"],
    [48 * 3_600_000, "2 d"],
  ])("says of %i ms %s", (milliseconds, text) => {
    expect(ageText(milliseconds)).toBe(text);
  });
});
