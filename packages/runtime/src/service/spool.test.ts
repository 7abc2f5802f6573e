import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSpool } from "./spool.ts";

async function folders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => /^cmo-spool-/.test(name));
}

async function read(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe("A spool", () => {
  it("gives back every line, in any characters and of any length", async () => {
    const line = fc
      .oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "grapheme" }),
        fc.nat(200_000).map((length) => "é漢🙂".repeat(length / 20)),
      )
      .map((text) => JSON.stringify(text));
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        const spool = openSpool();
        for (const one of lines) await spool.write(one);
        expect(await read(spool.lines())).toEqual(lines);
        await spool.close();
      }),
      { numRuns: 50 },
    );
  });

  // Windows keeps the name of a file as long as it is open.
  it.skipIf(process.platform === "win32")(
    "leaves nothing that can be found, also while it is open",
    async () => {
      const before = await folders();
      const spool = openSpool();
      for (let count = 0; count < 10; count += 1) await spool.write("x".repeat(50_000));
      expect(await folders()).toEqual(before);
      const lines = spool.lines();
      expect((await lines.next()).value).toHaveLength(50_000);
      await lines.return(undefined);
      await spool.close();
      expect(await folders()).toEqual(before);
    },
  );
});
