import { bundleVersion, openBundle, verifyBundle } from "@cmo/bundle";
import { defaultBundleLimits } from "@cmo/bundle/format";
import { bundleBytes, fileOf, reseal, sampleEvents, sampleParts, sealedArchive } from "@cmo/bundle/testing";
import { CmoError } from "@cmo/engine";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readSavedBundle } from "./read-saved-bundle.ts";
import { readSavedFile } from "./read-saved-file.ts";
import { openZipArchive } from "./zip-archive.ts";

const named = (bytes: Uint8Array, name = "run.zip") => new File([new Uint8Array(bytes)], name);
const invalid = { code: "bundle_invalid", hint: expect.stringContaining("cmo bundle JOB") };
const manifestOf = (change: object) => Buffer.from(JSON.stringify({ format: "cmo-run-bundle", ...change }));

describe("A bundle in the page", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("gives its manifest, its log and its summary, and every byte of it is checked", async () => {
    const parts = sampleParts();
    const { manifest, check, events, summary } = await readSavedBundle(named(await bundleBytes(parts)));
    expect(check).toBe("all");
    expect(events).toEqual(sampleEvents());
    expect(summary).toEqual(parts.summary);
    expect(manifest).toMatchObject({ kind: "full", jobId: "job_test", recording: { answers: 3 } });
  });

  it("is told by its first bytes, whatever the file is called", async () => {
    const { fileName, bundle, model } = await readSavedFile(named(await bundleBytes(), "log.ndjson"));
    expect([fileName, bundle?.check]).toEqual(["log.ndjson", "all"]);
    expect(model.live.value.view.progress.status).toBe("completed");
    expect(model.outcome?.jobId).toBe("job_test");
  });

  it("is not checked where the browser has no digests, and says so", async () => {
    vi.stubGlobal("crypto", {});
    const changed = await bundleBytes();
    const at = changed.indexOf("recording.ndjson") + 60;
    changed[at] = (changed[at] ?? 0) ^ 1;
    const { check, events } = await readSavedBundle(named(changed));
    expect([check, events.length]).toEqual(["none", 9]);
  });

  it("that is too large to be digested is checked in what is shown of it, and no further", async () => {
    const bytes = await bundleBytes();
    const limits = { ...defaultBundleLimits, logBytes: 100_000, sealedBytes: bytes.length - 1 };
    expect((await readSavedBundle(named(bytes), limits)).check).toBe("shown");
    const changedIn = (entry: string) => {
      const changed = Buffer.from(bytes);
      const at = changed.indexOf(entry) + entry.length + 20;
      changed[at] = (changed[at] ?? 0) ^ 1;
      return named(changed);
    };
    expect((await readSavedBundle(changedIn("recording.ndjson"), limits)).check).toBe("shown");
    for (const entry of ["events.ndjson", "summary.json"]) {
      await expect(readSavedBundle(changedIn(entry), limits)).rejects.toMatchObject(invalid);
    }
  });

  it("is refused with another way to look at it where its log does not fit into a page", async () => {
    const bytes = await bundleBytes();
    const limits = { ...defaultBundleLimits, logBytes: 100, sealedBytes: bytes.length };
    for (const too of [limits, { ...limits, logBytes: 100_000, archiveBytes: 100 }]) {
      await expect(readSavedBundle(named(bytes), too)).rejects.toMatchObject({
        code: "bundle_invalid",
        hint: expect.stringContaining("cmo verify"),
      });
    }
  });

  it("never has its recording unpacked, however large it is", async () => {
    const file = named(await bundleBytes());
    const read: string[] = [];
    const slice = file.slice.bind(file);
    file.slice = (from, to, type) => {
      read.push(`${from} ${to}`);
      return slice(from, to, type);
    };
    await readSavedBundle(file);
    const bytes = Buffer.from(await file.arrayBuffer());
    const header = bytes.indexOf("recording.ndjson") - 30;
    // Its header is where an entry begins to be read.
    expect(read.some((range) => range.startsWith("0 30"))).toBe(false);
    expect(read).not.toContain(`${header} ${header + 30}`);
    expect(read).toContain(`${bytes.indexOf("events.ndjson") - 30} ${bytes.indexOf("events.ndjson")}`);
  });

  it("is found to be changed wherever a byte of it is", async () => {
    const bytes = await bundleBytes();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        await expect(readSavedBundle(named(changed))).rejects.toMatchObject(invalid);
      }),
      { numRuns: 150 },
    );
  });

  it("is refused or shows what it held, where somebody changed and sealed it again, and never shows more than cmo verifies", async () => {
    const bytes = await bundleBytes();
    const original = await readSavedBundle(named(bytes));
    const end = bytes.indexOf(Buffer.from("PK\u0001\u0002", "latin1"));
    await fc.assert(
      fc.asyncProperty(fc.nat(end - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        const resealed = reseal(changed);
        const shown = await readSavedBundle(named(resealed)).catch((error: CmoError) => error);
        if (shown instanceof CmoError) expect(shown).toMatchObject({ code: "bundle_invalid" });
        else if (await isVerified(resealed)) expect(shown).toEqual(original);
        else expect([shown.events, shown.summary]).toEqual([original.events, original.summary]);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ["events.ndjson", "ünï", "ïnü"],
    ["summary.json", '"attempts": 1', '"attempts": 2'],
  ] as const)(
    "whose %s is another, well packed and sealed, is refused by its digest",
    async (name, from, to) => {
      const bytes = await bundleBytes();
      const changed = await withEntries(bytes, (entry, text) =>
        entry === name ? text.replace(from, to) : text,
      );
      expect(changed.equals(await withEntries(bytes, (_entry, text) => text))).toBe(false);
      await expect(readSavedBundle(named(changed))).rejects.toThrow(`${name} is not what was written`);
      expect(await isVerified(changed)).toBe(false);
    },
  );

  it("is found to be cut short, wherever it was cut", async () => {
    const bytes = await bundleBytes();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        await expect(readSavedBundle(named(bytes.subarray(0, length)))).rejects.toMatchObject(invalid);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["a text", Buffer.from("hello"), "no ZIP archive"],
    [
      "an archive of something else",
      Buffer.from("PK\u0003\u0004 and so on".padEnd(500, " ")),
      "cut short, or written by",
    ],
  ])("that is %s is refused", async (_what, bytes, told) => {
    await expect(readSavedBundle(named(bytes))).rejects.toThrow(told);
  });

  it("of a later version is told to be one, whatever else is in it", async () => {
    const bytes = await sealedArchive([
      ["manifest.json", manifestOf({ version: bundleVersion + 1 })],
      ["something-new.bin", Buffer.from("?")],
    ]);
    await expect(readSavedBundle(named(bytes))).rejects.toMatchObject({
      code: "bundle_newer",
      hint: expect.stringContaining("Use the cmo that wrote it"),
    });
  });

  it.each(["../../outside.json", "notes.txt"])("with an entry called %s is refused", async (name) => {
    const bytes = await sealedArchive([
      ["manifest.json", manifestOf({ version: 1 })],
      [name.replaceAll(/[^a-z]/g, "x"), Buffer.from("{}")],
    ]);
    await expect(readSavedBundle(named(bytes))).rejects.toMatchObject({ code: "bundle_invalid" });
  });

  it("unpacks no more than its list of entries says, whatever comes out of it", async () => {
    const manifest = Buffer.alloc(64 * 1024 ** 2);
    const honest = await sealedArchive([["manifest.json", manifest]]);
    expect(honest.length).toBeLessThan(100_000);
    const lying = Buffer.from(honest);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(manifest.length);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(100);
    for (let at = lying.indexOf(size); at !== -1; at = lying.indexOf(size, at + 1)) small.copy(lying, at);
    await expect(readSavedBundle(named(reseal(lying)))).rejects.toThrow(/manifest.json cannot be unpacked/);
  });

  it("that unpacks to more than may be is refused by what its list says", async () => {
    const bytes = await bundleBytes();
    // The size of the recording in the list of entries: 24 bytes into it; 46 before its name.
    const name = bytes.lastIndexOf("recording.ndjson");
    bytes.writeUInt32LE(0xfffffffe, name - 46 + 24);
    await expect(readSavedBundle(named(reseal(bytes)))).rejects.toThrow("unpacks to more than");
  });

  it("whose list of entries is longer than that of any bundle is not read", async () => {
    const many = Array.from({ length: 101 }, (_, index) => [`${index}`, Buffer.from("")] as const);
    await expect(readSavedBundle(named(await sealedArchive(many)))).rejects.toThrow("101 entries");
    const bytes = await bundleBytes();
    // The size of the list, 12 bytes into the record of the archive's end.
    bytes.writeUInt32LE(2 * 1024 ** 2, bytes.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1")) + 12);
    await expect(readSavedBundle(named(reseal(bytes)))).rejects.toThrow("list of entries is too long");
  });

  it("whose summary is none is refused", async () => {
    const bytes = await bundleBytes(sampleParts({ summary: { jobId: 1 } as never }));
    await expect(readSavedBundle(named(bytes))).rejects.toThrow("summary.json is not as it must be");
  });
});

/** The bundle with what is made of the text of each entry, packed anew and sealed. */
async function withEntries(
  bytes: Uint8Array,
  change: (name: string, text: string) => string,
): Promise<Buffer> {
  const entries: [string, Buffer][] = [];
  const archive = await openZipArchive(named(bytes));
  for await (const { name, content } of archive.entries()) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content()) pieces.push(piece);
    entries.push([name, Buffer.from(change(name, Buffer.concat(pieces).toString("utf8")))]);
  }
  return sealedArchive(entries);
}

async function isVerified(bytes: Uint8Array): Promise<boolean> {
  try {
    const bundle = await openBundle(await fileOf(bytes));
    try {
      await verifyBundle(bundle);
      return true;
    } finally {
      await bundle.close();
    }
  } catch {
    return false;
  }
}
