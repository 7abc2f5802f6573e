import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatProblems } from "./format-problems.ts";
import { type LoadCampaignOptions, loadCampaignFile } from "./load-campaign-file.ts";
import { readBoundedText } from "./read-bounded-text.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-config-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function given(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function told(path: string, options: LoadCampaignOptions = {}): Promise<string[]> {
  const loaded = await loadCampaignFile(path, options);
  return loaded.ok ? [] : formatProblems(loaded.problems, "x.yaml").split("\n");
}

describe("loadCampaignFile", () => {
  it("reads a config, drops a byte order mark, and names the campaign after the file", async () => {
    const path = await given("go-cli.yaml", "\uFEFFparams:\r\n  language: Go\r\n");
    expect(await loadCampaignFile(path)).toEqual({
      ok: true,
      value: { name: "go-cli", params: { language: "Go" } },
      warnings: [],
    });
  });

  it("S25 says of a missing config what is beside it", async () => {
    await given("smoke.yaml", "");
    expect(await told(join(folder, "smkoe.yaml"))).toEqual([
      'x.yaml: does not exist; did you mean "smoke.yaml"?',
    ]);
    expect((await told(join(folder, "quite-another.yaml")))[0]).toContain("beside it are");
    expect(await told(join(folder, "no", "such.yaml"))).toEqual([
      "x.yaml: does not exist; nor does its folder, or it may not be read",
    ]);
    expect((await told(join(folder, "smoke.yaml", "x.yaml")))[0]).toContain("a part of its path is a file");
    expect((await told("nul\0byte.yaml"))[0]).toContain("cannot be read");
  });

  it("S25 refuses a folder, an empty file, a binary file and text that is not UTF-8", async () => {
    await mkdir(join(folder, "folder.yaml"));
    expect(await told(join(folder, "folder.yaml"))).toEqual(["x.yaml: is a folder, not a file"]);
    expect((await told(await given("empty.yaml", "")))[0]).toContain("is empty; give a mapping");
    expect(await told(await given("binary.yaml", new Uint8Array([1, 2, 0, 3])))).toEqual([
      "x.yaml: is not a text file: it holds zero bytes",
    ]);
    expect(await told(await given("latin.yaml", new Uint8Array([0x6e, 0xe9])))).toEqual([
      "x.yaml: is not UTF-8 text",
    ]);
    expect((await told(await given("wide.yaml", new Uint8Array([0xff, 0xfe, 0x61, 0]))))[0]).toContain(
      "UTF-16",
    );
  });

  it("S25 says that an unreadable file may not be read", async () => {
    const path = await given("locked.yaml", "name: x");
    await chmod(path, 0);
    // Root may read everything, and so looks at it as somebody else.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect((await told(path))[0]).toContain("may not be read");
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it("S25 refuses a file of 50 MB by its size", async () => {
    const path = await given("large.yaml", "name: x");
    await truncate(path, 50 * 1024 * 1024);
    expect(await told(path)).toEqual(["x.yaml: is too large: at most 256 KiB are read, and it is 51200 KiB"]);
  });

  // Windows has no file without an end.
  it.skipIf(process.platform === "win32")(
    "S25 reads no further than the limit where a file has no size",
    async () => {
      expect(await told("/dev/zero", { maxBytes: 1024 })).toEqual([
        "x.yaml: is too large: at most 1 KiB are read, and it is larger",
      ]);
    },
  );

  // Windows has no pipes in folders.
  it.skipIf(process.platform === "win32")(
    "S25 waits for nobody to write to a pipe, and reads what somebody does write",
    async () => {
      const pipe = join(folder, "pipe.yaml");
      execFileSync("mkfifo", [pipe]);
      expect(await told(pipe)).toEqual(["x.yaml: is a pipe that nobody writes to"]);
      // Open for both, so that the end comes only when it is closed.
      const writer = await open(pipe, "r+");
      expect(await readBoundedText(pipe, 1024, { silenceMs: 0 })).toMatchObject({
        problems: [{ message: "is a pipe that nothing comes from" }],
      });
      // More than a pipe holds: when it is written, somebody has read of it.
      const text = `# ${"x".repeat(100_000)}`;
      const reading = readBoundedText(pipe, 200_000);
      await writer.write(text);
      await writer.close();
      expect(await reading).toMatchObject({ ok: true, value: text });
    },
  );

  it("takes a file of exactly the limit", async () => {
    const path = await given("exact.yaml", "x".repeat(1024));
    expect(await readBoundedText(path, 1024)).toMatchObject({ ok: true });
    expect(await readBoundedText(path, 1023)).toMatchObject({ ok: false });
  });

  it("reads the suppression file beside the config", async () => {
    await given(
      "people.txt",
      "# asked us\nada\r\n\n@home.example # whole domain\nid:U_abc#1\n".replace("#1", ""),
    );
    const path = await given("with-people.yaml", "suppress: people.txt\n");
    const loaded = await loadCampaignFile(path);
    expect(loaded.ok && loaded.value.suppress).toEqual(["ada", "@home.example", "id:U_abc"]);
  });

  it("refuses a suppression file that is missing or half understood, without repeating its lines", async () => {
    const path = await given("without-people.yaml", "name: x\nsuppress: poeple.txt\n");
    expect((await told(path))[0]).toMatch(
      /^x\.yaml:2:1 suppress: .*poeple\.txt does not exist; did you mean "people\.txt"\?$/,
    );
    await given("broken.txt", "ada\nAda Lovelace <ada@home.example>\n");
    const [line] = await told(await given("broken.yaml", "suppress: broken.txt\n"));
    expect(line).toMatch(/broken\.txt:2 is no login, id:NODE_ID, address or @domain$/);
    expect(line).not.toContain("Lovelace");
  });
});
