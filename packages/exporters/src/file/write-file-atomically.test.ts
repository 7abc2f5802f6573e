import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { removeTemporaryFiles, writeFileAtomically } from "./write-file-atomically.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-exporters-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("writeFileAtomically", () => {
  it("writes the pieces as UTF-8, makes the folder, and leaves nothing else there", async () => {
    const path = join(folder, "new", "deep", "leads.json");
    expect(await writeFileAtomically(path, pieces("Kö", "ln 漢", "", "👩‍💻\n"))).toEqual({ bytes: 21 });
    expect(await readFile(path, "utf8")).toBe("Köln 漢👩‍💻\n");
    expect(await readdir(join(folder, "new", "deep"))).toEqual(["leads.json"]);
  });

  it("fails at once where no folder can be made", async () => {
    await writeFile(join(folder, "taken"), "a file in the way");
    for (const place of [join(folder, "taken", "deep"), "/proc/none/deep"]) {
      await expect(writeFileAtomically(join(place, "leads.json"), pieces("a"))).rejects.toMatchObject({
        code: "export_failed",
      });
    }
  });

  it("writes bytes as they are, between texts too", async () => {
    const path = join(folder, "archive.zip");
    async function* mixed() {
      yield Buffer.from([0x50, 0x4b, 0, 0xff, 0xfe]);
      yield "ü";
      yield new Uint8Array([0x80]);
    }
    expect(await writeFileAtomically(path, mixed())).toEqual({ bytes: 8 });
    expect([...(await readFile(path))]).toEqual([0x50, 0x4b, 0, 0xff, 0xfe, 0xc3, 0xbc, 0x80]);
  });

  it("writes an empty file for no pieces", async () => {
    const path = join(folder, "leads.json");
    expect(await writeFileAtomically(path, pieces())).toEqual({ bytes: 0 });
    expect((await stat(path)).size).toBe(0);
  });

  it("lets only the owner read it, unless told otherwise", async () => {
    const ours = join(folder, "ours");
    const shared = join(folder, "shared");
    await writeFileAtomically(ours, pieces("a"));
    await writeFileAtomically(shared, pieces("a"), { mode: 0o644 });
    expect((await stat(ours)).mode & 0o777).toBe(0o600);
    expect((await stat(shared)).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  it("replaces an earlier file only when the new one is whole", async () => {
    const path = join(folder, "leads.json");
    await writeFile(path, "old");
    const seen: string[] = [];
    async function* looking(): AsyncGenerator<string> {
      for (const piece of ["n", "ew"]) {
        seen.push(await readFile(path, "utf8"));
        yield piece;
      }
      seen.push(await readFile(path, "utf8"));
    }
    await writeFileAtomically(path, looking());
    expect(seen).toEqual(["old", "old", "old"]);
    expect(await readFile(path, "utf8")).toBe("new");
  });

  it("replaces a link instead of writing through it", async () => {
    const elsewhere = join(folder, "elsewhere");
    const path = join(folder, "leads.json");
    await writeFile(elsewhere, "untouched");
    await symlink(elsewhere, path);
    await writeFileAtomically(path, pieces("new"));
    expect(await readFile(elsewhere, "utf8")).toBe("untouched");
    expect(await readFile(path, "utf8")).toBe("new");
  });

  it("leaves a socket or a device where it is, behind a link too", async () => {
    const path = join(folder, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    await symlink(path, join(folder, "link"));
    for (const name of ["socket", "link"]) {
      await expect(writeFileAtomically(join(folder, name), pieces("a"))).rejects.toMatchObject({
        code: "export_failed",
        message: expect.stringContaining("a device, a pipe or a socket"),
      });
    }
    expect((await stat(path)).isSocket()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(["link", "socket"]);
  });

  it("asks for a piece only when the one before is written", async () => {
    const path = join(folder, "leads.json");
    const sizes: number[] = [];
    async function* measuring(): AsyncGenerator<string> {
      for (let piece = 0; piece < 4; piece++) {
        const [temporary] = await readdir(folder);
        sizes.push((await stat(join(folder, temporary ?? ""))).size);
        yield "x".repeat(1000);
      }
    }
    await writeFileAtomically(path, measuring());
    expect(sizes).toEqual([0, 1000, 2000, 3000]);
  });

  it("keeps the old file, and no part of the new one, when the pieces fail; what they throw is passed on", async () => {
    const path = join(folder, "leads.json");
    await writeFile(path, "old");
    const failure = new RangeError("no more");
    async function* failing(): AsyncGenerator<string> {
      yield "new";
      throw failure;
    }
    await expect(writeFileAtomically(path, failing())).rejects.toBe(failure);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["leads.json"]);
  });

  it("ends at once when aborted, also while the next piece does not come, and tells the source to stop", async () => {
    const path = join(folder, "leads.json");
    await writeFile(path, "old");
    const control = new AbortController();
    const returned: string[] = [];
    const hanging: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next() {
          queueMicrotask(() => control.abort());
          return new Promise(() => {});
        },
        async return() {
          returned.push("return");
          return { done: true, value: undefined };
        },
      }),
    };
    const writing = writeFileAtomically(path, hanging, { signal: control.signal });
    await expect(writing).rejects.toMatchObject({ code: "cancelled" });
    expect(returned).toEqual(["return"]);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["leads.json"]);
  });

  it("does not replace the old file when the abort comes with the last piece", async () => {
    const path = join(folder, "leads.json");
    await writeFile(path, "old");
    const control = new AbortController();
    async function* aborting(): AsyncGenerator<string> {
      yield "new";
      control.abort();
    }
    const writing = writeFileAtomically(path, aborting(), { signal: control.signal });
    await expect(writing).rejects.toMatchObject({ code: "cancelled" });
    expect(await readFile(path, "utf8")).toBe("old");
  });

  it("writes nothing at all when it was aborted before", async () => {
    const path = join(folder, "new", "leads.json");
    const writing = writeFileAtomically(path, pieces("new"), { signal: AbortSignal.abort() });
    await expect(writing).rejects.toMatchObject({ code: "cancelled" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("lets several writers write the same file at once: one of them wins whole", async () => {
    const path = join(folder, "leads.json");
    const texts = ["a", "b", "c"].map((letter) => letter.repeat(100_000));
    await Promise.all(
      texts.map((text) => writeFileAtomically(path, pieces(text.slice(0, 50_000), text.slice(50_000)))),
    );
    expect(texts).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["leads.json"]);
  });

  it("says what is in the way when the folder cannot be made or the name is taken by a folder", async () => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "leads.json"));
    for (const path of [
      join(folder, "file", "leads.json"),
      join(folder, "file", "deep", "leads.json"),
      join(folder, "leads.json"),
    ]) {
      const writing = writeFileAtomically(path, pieces("new"));
      await expect(writing).rejects.toMatchObject({
        code: "export_failed",
        message: expect.stringContaining(path),
        hint: expect.stringContaining("another folder"),
      });
    }
    expect((await readdir(folder)).sort()).toEqual(["file", "leads.json"]);
  });
});

describe("removeTemporaryFiles", () => {
  it("removes what killed writers of that file left, and nothing else", async () => {
    const path = join(folder, "j1_leads.json");
    const others = [".j1_leads.csv.1.tmp", ".j1_leads.json", "j1_leads.json", "j1_leads.json.tmp"];
    for (const name of [".j1_leads.json.1.tmp", ".j1_leads.json.2.tmp", ...others])
      await writeFile(join(folder, name), "");
    expect(await removeTemporaryFiles(path)).toBe(2);
    expect((await readdir(folder)).sort()).toEqual(others.sort());
    expect(await removeTemporaryFiles(join(folder, "missing", "j1_leads.json"))).toBe(0);
  });
});

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}
