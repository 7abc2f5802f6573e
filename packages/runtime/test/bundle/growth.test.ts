import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltProgram, buildProgram } from "../support/build-program.ts";

/** Both are more than is held in memory. */
const people = [2_000, 4_000];
/** What a process needs and not what it takes while there is plenty. */
const heapMebibytes = 64;

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
      peaks.push(await step(what, folder, people[index] ?? 0, [`--max-old-space-size=${heapMebibytes}`]));
    const [once = 0, twice = 0] = peaks;
    expect(twice / once).toBeLessThan(1.35);
  });
});
