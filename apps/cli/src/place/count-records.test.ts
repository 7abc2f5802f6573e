import { describe, expect, it } from "vitest";
import { createRecordCounter } from "./count-records.ts";

function count(...pieces: string[]): number {
  const counter = createRecordCounter();
  for (const piece of pieces) counter.take(piece);
  return counter.count();
}

describe("The records of a CSV", () => {
  it("are its lines, but for those inside of a cell, wherever a piece ends", () => {
    expect(count()).toBe(0);
    expect(count("login,bio\r\n", "ada,first\r\n")).toBe(2);
    const quoted = 'login,bio\r\nada,"wrote ""notes""\nand more"\r\n"gra\r\nce",\r\n';
    expect(count(quoted)).toBe(3);
    expect(count(...quoted)).toBe(3);
  });
});
