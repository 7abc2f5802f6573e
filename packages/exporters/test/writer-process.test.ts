import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { removeTemporaryFiles } from "../src/file/write-file-atomically.ts";
import { piecesOfVersion, versionText } from "./version-text.ts";

let workspace: string;
let program: string;
let folder: string;
let path: string;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "cmo-exporters-"));
  // Readable for everybody: one of the tests becomes nobody.
  await chmod(workspace, 0o755);
  program = join(workspace, "writer-process.js");
  await build({
    config: false,
    silent: true,
    entry: { "writer-process": fileURLToPath(new URL("writer-process.ts", import.meta.url)) },
    outDir: workspace,
    outExtension: () => ({ js: ".js" }),
    format: "esm",
    target: "node20",
    clean: false,
    noExternal: [/./],
    esbuildOptions: (options) => {
      options.conditions = ["@cmo/source"];
    },
  });
  await writeFile(join(workspace, "package.json"), '{ "type": "module" }');
});
afterAll(async () => {
  await rm(workspace, { recursive: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(workspace, "exports-"));
  path = join(folder, "j1_leads.json");
});

describe("S33 A process killed while it writes", () => {
  it.each(Array.from({ length: piecesOfVersion + 1 }, (_, step) => step))(
    "leaves the old file, whole, when it dies before piece %i",
    async (killedAt) => {
      await writeFile(path, await versionText(1));
      const writer = start("stepwise", 2);
      for await (const line of linesOf(writer)) {
        if (line === `step ${killedAt}`) writer.kill("SIGKILL");
        else writer.stdin?.write("\n");
      }
      expect(await readFile(path, "utf8")).toBe(await versionText(1));
      // What it left is a temporary file that no reader of that name meets; the next writer is not disturbed by it.
      expect((await readdir(folder)).length).toBe(2);
      expect(await ended(start("once", 3))).toBe("written");
      expect(await readFile(path, "utf8")).toBe(await versionText(3));
      expect(await removeTemporaryFiles(path)).toBe(1);
    },
  );

  it("leaves no file when there was none", async () => {
    const writer = start("stepwise", 1);
    for await (const _ of linesOf(writer)) writer.kill("SIGKILL");
    expect((await readdir(folder)).filter((name) => !name.endsWith(".tmp"))).toEqual([]);
  });

  it("leaves one whole version or the next, whenever it dies", async () => {
    let lastWritten = 0;
    for (let round = 1; round <= 12; round++) {
      const writer = start("restless", lastWritten + 1);
      let killed = false;
      let writtenHere = 0;
      for await (const _ of linesOf(writer)) {
        writtenHere += 1;
        if (writtenHere < round || killed) continue;
        killed = true;
        // Some turns of the loop later, so that it dies at other places of a write each round.
        for (let turn = 0; turn < round * 7; turn++) await new Promise((resolve) => setImmediate(resolve));
        writer.kill("SIGKILL");
      }
      const text = await readFile(path, "utf8");
      const version = Number(/^version (\d+)/.exec(text)?.[1]);
      expect(text).toBe(await versionText(version));
      // The last that it told of, or one that it had renamed and not told of yet.
      expect(version - lastWritten - writtenHere).toBeOneOf([0, 1]);
      lastWritten = version;
    }
  });
});

describe("A folder or a disk that takes no more", () => {
  it("tells of a file that grows beyond what is allowed, keeps the old one and no part of the new", async () => {
    await writeFile(path, "old");
    const limited = spawn(
      "sh",
      ["-c", 'ulimit -f 200; exec "$@"', "sh", process.execPath, program, "once", path, "2"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    expect(JSON.parse(await ended(limited))).toMatchObject({
      code: "export_failed",
      hint: expect.stringContaining("Free some space"),
    });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["j1_leads.json"]);
  });

  it("tells of a folder that may not be written", async () => {
    await writeFile(path, "old");
    await chmod(folder, 0o555);
    const answer = JSON.parse(await ended(start("unprivileged", 2)));
    expect(answer).toMatchObject({
      code: "export_failed",
      hint: expect.stringContaining("Make the folder writable"),
    });
    expect(answer.message).toContain(path);
    expect(await readdir(folder)).toEqual(["j1_leads.json"]);
    await chmod(folder, 0o755);
  });

  it("tells of a folder that cannot be made", async () => {
    await mkdir(join(folder, "closed"));
    await chmod(join(folder, "closed"), 0o555);
    await chmod(folder, 0o755);
    path = join(folder, "closed", "exports", "j1_leads.json");
    expect(JSON.parse(await ended(start("unprivileged", 2)))).toMatchObject({
      code: "export_failed",
      hint: expect.stringContaining("Make the folder writable"),
    });
    await chmod(join(folder, "closed"), 0o755);
  });
});

function start(way: "stepwise" | "restless" | "once" | "unprivileged", version: number): ChildProcess {
  return spawn(process.execPath, [program, way, path, String(version)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

function linesOf(writer: ChildProcess): AsyncIterable<string> {
  if (writer.stdout === null) throw new Error("The writer has no output to read.");
  return createInterface({ input: writer.stdout });
}

/** The last line of a process that ends by itself. */
async function ended(writer: ChildProcess): Promise<string> {
  const exit = once(writer, "exit");
  let last = "";
  for await (const line of linesOf(writer)) last = line;
  await exit;
  return last;
}
