import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openSpool } from "./spool.ts";

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
      // A place of its own: other processes have spools as well.
      const place = await mkdtemp(join(tmpdir(), "cmo-no-spool-"));
      onTestFinished(() => rm(place, { recursive: true, force: true }));
      vi.stubEnv("TMPDIR", place);
      onTestFinished(() => void vi.unstubAllEnvs());
      const spool = openSpool();
      for (let count = 0; count < 10; count += 1) await spool.write("x".repeat(50_000));
      expect(await readdir(place)).toEqual([]);
      const lines = spool.lines();
      expect((await lines.next()).value).toHaveLength(50_000);
      await lines.return(undefined);
      await spool.close();
      expect(await readdir(place)).toEqual([]);
    },
  );
});
