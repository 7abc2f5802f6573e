import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitName } from "./split-name.ts";

describe("splitName", () => {
  it.each<[string | null, string | null, string | null]>([
    ["Ada Example", "Ada", "Example"],
    ["  Ada   Maria\tExample ", "Ada Maria", "Example"],
    ["Lena van der Berg", "Lena", "van der Berg"],
    ["Maria Da Silva", "Maria", "Da Silva"],
    ["Ana García y Vega", "Ana García", "y Vega"],
    ["von Beispiel", null, "von Beispiel"],
    ["Van Example", "Van", "Example"],
    ["Big Al Example", "Big Al", "Example"],
    ["Jean-Luc d'Exemple", "Jean-Luc", "d'Exemple"],
    ["Example, Ada", "Ada", "Example"],
    ["Ada Example, PhD", "Ada", "Example"],
    ["Ada Example, Jr., M.Sc.", "Ada", "Example"],
    ["Ada Example (she/her)", "Ada", "Example"],
    ["(ada)", "(ada)", null],
    ["Ada", "Ada", null],
    ["山田太郎", null, "山田太郎"],
    ["山田 太郎", "太郎", "山田"],
    ["김철수", null, "김철수"],
    ["김 철수", "철수", "김"],
    ["Чебурашка Примеров", "Чебурашка", "Примеров"],
    ["", null, null],
    [" \u3000 ", null, null],
    [",", null, null],
    [null, null, null],
  ])("splits %j into %j and %j", (name, firstName, lastName) => {
    expect(splitName(name)).toEqual({ firstName, lastName });
  });

  it("never gives an empty part, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        const { firstName, lastName } = splitName(name);
        expect([firstName, lastName].filter((part) => part !== null && part.trim() === "")).toEqual([]);
      }),
    );
  });
});
