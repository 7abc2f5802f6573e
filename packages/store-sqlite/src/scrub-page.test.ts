import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scrubPage } from "./scrub-page.ts";

describe("Scrubbing a page", () => {
  it("clears the gap before the cells, and the blocks that deleted cells left, and no cell", () => {
    const page = leafPage({ cells: [{ at: 3_000, text: "kept" }] });
    page.write("left in the gap", 500);
    page.writeUInt16BE(3_500, 1);
    putFreeBlock(page, 3_500, { next: 4_000, length: 60, text: "left in a block" });
    putFreeBlock(page, 4_000, { next: 0, length: 90, text: "left in another" });
    expect(scrubPage(page, 2)).toBe(true);
    expect(page.includes("left")).toBe(false);
    expect(page.includes("kept", 3_000)).toBe(true);
    expect([1, 3, 5].map((offset) => page.readUInt16BE(offset))).toEqual([3_500, 1, 3_000]);
    expect([3_500, 3_502, 4_000, 4_002].map((offset) => page.readUInt16BE(offset))).toEqual([
      4_000, 60, 0, 90,
    ]);
    expect(scrubPage(page, 2)).toBe(false);
  });

  it("knows the header of the database, which stands before that of the first page", () => {
    const page = leafPage({ header: 100, cells: [{ at: 4_000, text: "kept" }] });
    page.write("SQLite format 3\0");
    page.write("left", 200);
    expect(scrubPage(page, 1)).toBe(true);
    expect(page.toString("latin1", 0, 15)).toBe("SQLite format 3");
    expect(page.includes("left")).toBe(false);
  });

  it("leaves pages of long values and of the free list as they are", () => {
    const page = Buffer.alloc(4_096, "long value");
    page.writeUInt32BE(70_000, 0);
    expect(scrubPage(page, 9)).toBe(false);
    expect(page.includes("long value")).toBe(true);
  });

  it("comes to an end, within the page, whatever stands in it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2, 5, 10, 13),
        fc.uint8Array({ minLength: 512, maxLength: 512 }),
        (kind, bytes) => {
          const page = Buffer.from(bytes);
          page[0] = kind;
          scrubPage(page, 2);
          expect(page.length).toBe(512);
          expect(page[0]).toBe(kind);
        },
      ),
    );
  });
});

function leafPage({ header = 0, cells }: { header?: number; cells: { at: number; text: string }[] }): Buffer {
  const page = Buffer.alloc(4_096);
  page[header] = 13;
  page.writeUInt16BE(cells.length, header + 3);
  page.writeUInt16BE(Math.min(...cells.map(({ at }) => at)), header + 5);
  for (const [index, { at, text }] of cells.entries()) {
    page.writeUInt16BE(at, header + 8 + 2 * index);
    page.write(text, at);
  }
  return page;
}

function putFreeBlock(
  page: Buffer,
  at: number,
  { next, length, text }: { next: number; length: number; text: string },
): void {
  page.writeUInt16BE(next, at);
  page.writeUInt16BE(length, at + 2);
  page.write(text, at + 4);
}
