import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltProgram, buildProgram } from "../support/build-program.ts";

/** Both are more than is held in memory, and more than fills the caches of SQLite. */
const people = [4_000, 8_000];
/**
 * What a process needs and not what it takes while there is plenty: of its old objects, and of its young ones, of which
 * later versions of Node let three times as many lie.
 */
const heap = ["--max-old-space-size=64", "--max-semi-space-size=4"];

describe("twice the people", () => {
  let program: BuiltProgram;
  const folders: string[] = [];
  beforeAll(async () => {
    program = await buildProgram(new URL("growth-process.ts", import.meta.url));
    for (const count of people) {
      const folder = await mkdtemp(join(tmpdir(), "cmo-growth-"));
      folders.push(folder);
      await step("run", folder, count);
    }
  });
  afterAll(async () => {
    await program.remove();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  /** The most memory that a process took which did this, in KiB. */
  async function step(what: string, folder: string, count: number, flags: string[] = []): Promise<number> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...flags, program.path, what, folder, String(count)],
      { env: { HOME: folder, TMPDIR: folder } },
    );
    return JSON.parse(stdout).peakKibibytes;
  }

  it.each(["full", "shared", "replay", "verify"])("take no more memory: %s", async (what) => {
    const peaks: number[] = [];
    for (const [index, folder] of folders.entries())
      peaks.push(await step(what, folder, people[index] ?? 0, heap));
    const [once = 0, twice = 0] = peaks;
    expect(twice / once).toBeLessThan(1.35);
  });
});
