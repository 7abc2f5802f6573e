import fc from "fast-check";
import { expect, it } from "vitest";
import { createLineSplitter, LineFault } from "./split-lines.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

it("gives the lines that have ended, whatever pieces the bytes come in", () => {
  const unit = fc.constantFrom("a", '"', "\r", "\0", "é", "€", "\u2028", "\ufeff", "😀");
  const texts = fc.array(fc.string({ unit }), { maxLength: 20 });
  fc.assert(
    fc.property(texts, fc.array(fc.nat(40), { maxLength: 50 }), (lines, sizes) => {
      const bytes = bytesOf(`${lines.map((line) => `${line}\n`).join("")}the rest`);
      const split = createLineSplitter();
      const given: string[] = [];
      let start = 0;
      for (const size of [...sizes, bytes.length]) {
        given.push(...split(bytes.subarray(start, start + size)));
        start += size;
      }
      expect(given).toEqual(lines);
    }),
  );
});

it("takes a line as long as the bound, and none that is longer, in however many pieces", () => {
  const split = createLineSplitter(1_000);
  for (let count = 0; count < 100; count += 1) expect(split(bytesOf("0123456789"))).toEqual([]);
  expect(split(bytesOf("\n"))).toEqual(["0123456789".repeat(100)]);
  for (let count = 0; count < 100; count += 1) split(bytesOf("0123456789"));
  expect(() => split(bytesOf("0"))).toThrow(LineFault);
});

it("may be given a piece of many lines that is longer than a line may be", () => {
  const split = createLineSplitter(10);
  expect(split(bytesOf(`${"12345\n".repeat(10)}67`))).toEqual(Array(10).fill("12345"));
  expect(split(bytesOf("8\n"))).toEqual(["678"]);
});

it("takes no bytes that are not UTF-8, and keeps a mark at the beginning", () => {
  expect(() => createLineSplitter()(Uint8Array.of(0xc3, 0x0a))).toThrow(LineFault);
  expect(createLineSplitter()(bytesOf("\ufeffx\n"))).toEqual(["\ufeffx"]);
});
