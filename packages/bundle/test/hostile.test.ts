import { deflateRawSync } from "node:zlib";
import type { JobEvent, RunSummary } from "@cmo/engine";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultBundleLimits } from "../src/format/bundle-format.ts";
import type { RecordedAnswer } from "../src/format/recorded-answer.ts";
import { openBundle } from "../src/read/open-bundle.ts";
import {
  bundleBytes,
  fileOf,
  inTurn,
  reseal,
  sampleAnswers,
  sampleEvents,
  sampleParts,
  sealedArchive,
} from "../src/testing/sample-bundle.ts";
import { verifyBundle } from "../src/verify/verify-bundle.ts";

const manifestOf = (change: object) => Buffer.from(JSON.stringify({ format: "cmo-run-bundle", ...change }));

describe("openBundle, of a file that somebody made", () => {
  it("says of a later version that it is one, whatever else is in it", async () => {
    const path = await fileOf(
      await sealedArchive([
        ["manifest.json", manifestOf({ version: 3 })],
        ["something-new.bin", Buffer.from("?")],
      ]),
    );
    await expect(openBundle(path)).rejects.toMatchObject({ code: "bundle_newer" });
  });

  it.each([
    ["/etc/passwd", "invalid"],
    ["../../outside.json", "invalid"],
    ["a\\..\\b.json", "invalid"],
    ["notes.txt", "no bundle has"],
  ])("refuses an entry called %s", async (name) => {
    const path = await fileOf(await archiveWith(name));
    await expect(openBundle(path)).rejects.toMatchObject({ code: "bundle_invalid" });
  });

  it("refuses the same entry twice", async () => {
    const manifest = manifestOf({ version: 1 });
    const path = await fileOf(
      await sealedArchive([
        ["manifest.json", manifest],
        ["manifest.json", manifest],
      ]),
    );
    await expect(openBundle(path)).rejects.toThrow("twice");
  });

  it("unpacks no more than the limits allow, whatever the archive says of its sizes", async () => {
    const zeros = Buffer.alloc(8 * 1024 ** 2);
    const honest = await sealedArchive([
      ["manifest.json", manifestOf({ version: 1 })],
      ["recording.ndjson", zeros],
    ]);
    expect(honest.length).toBeLessThan(20_000);
    const limits = { ...defaultBundleLimits, totalBytes: 1024 ** 2 };
    await expect(openBundle(await fileOf(honest), limits)).rejects.toThrow("unpacks to more");

    // One that says that it is small, and is not.
    const lying = Buffer.from(honest);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(zeros.length);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(100);
    for (let at = lying.indexOf(size); at !== -1; at = lying.indexOf(size, at + 1)) small.copy(lying, at);
    await expect(openBundle(await fileOf(reseal(lying)), limits)).rejects.toMatchObject({
      code: "bundle_invalid",
    });
    expect(deflateRawSync(zeros).length).toBeLessThan(20_000);
  });

  it("reads no file that is too great, and no document", async () => {
    const path = await fileOf(await bundleBytes());
    await expect(openBundle(path, { ...defaultBundleLimits, archiveBytes: 100 })).rejects.toThrow("100");
    await expect(openBundle(path, { ...defaultBundleLimits, documentBytes: 100 })).rejects.toThrow(
      "manifest.json has more than 100 bytes",
    );
  });

  it("reads no line that is too long", async () => {
    const [answer] = [{ kind: "k", item: "1", input: "", fetchedAt: 0, job: 0, value: "x".repeat(5_000) }];
    const bytes = await bundleBytes(sampleParts({ recording: inTurn([answer]) }));
    const bundle = await openBundle(await fileOf(bytes), { ...defaultBundleLimits, lineLength: 2_000 });
    await expect(verifyBundle(bundle)).rejects.toThrow("more than 2000 characters");
    await bundle.close();
  });

  it.each([
    ["no JSON", "not json"],
    ["an event without data", '{"type":"artifact.created"}'],
    ["a list", "[]"],
  ])("reads no expected log in which a line is %s", async (_what, line) => {
    const bundle = await openBundle(
      await fileOf(await bundleBytes(sampleParts({ expected: { log: [line], summary: null } }))),
    );
    onTestFinished(() => bundle.close());
    await expect(bundle.expected()).rejects.toMatchObject({ code: "bundle_invalid" });
    await expect(verifyBundle(bundle)).rejects.toMatchObject({ code: "bundle_invalid" });
  });

  it("reads nothing that is nested so deeply that a stack would not hold it", async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    const [event] = sampleEvents();
    const answerOf = (levels: number) => ({ ...sampleAnswers[0], value: nested(levels) }) as RecordedAnswer;
    const parts = (levels: number) =>
      sampleParts({
        expected: { log: [], summary: nested(levels) },
        recording: inTurn([answerOf(levels)]),
        events: inTurn([
          { ...event, type: "of.later", data: { deep: nested(levels) } } as unknown as JobEvent,
        ]),
        summary: nested(levels) as RunSummary,
      });
    for (const [levels, isRead] of [
      [50, true],
      [3_000, false],
    ] as const) {
      const bundle = await openBundle(await fileOf(await bundleBytes(parts(levels))));
      onTestFinished(() => bundle.close());
      for (const read of [
        () => bundle.expected(),
        () => bundle.summary(),
        () => first(bundle.recording()),
        () => first(bundle.events()),
      ]) {
        if (isRead) await read();
        else await expect(read()).rejects.toMatchObject({ code: "bundle_invalid" });
      }
    }
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a text", Buffer.from("hello")],
    ["an archive of something else", Buffer.from("PK\u0003\u0004 and so on".padEnd(500, " "))],
  ])("says that %s is no bundle", async (_what, bytes) => {
    await expect(openBundle(await fileOf(bytes))).rejects.toMatchObject({ code: "bundle_invalid" });
  });

  it("says that there is no file, and that a folder is none", async () => {
    await expect(openBundle("/nowhere/at/all.zip")).rejects.toMatchObject({ code: "not_found" });
    await expect(openBundle("/")).rejects.toMatchObject({ code: "bundle_invalid" });
  });
});

async function first(items: AsyncIterable<unknown>): Promise<unknown> {
  for await (const item of items) return item;
}

/** A bundle with one more entry of this name; the library that writes would refuse some of them. */
async function archiveWith(name: string): Promise<Buffer> {
  const plain = "x".repeat(name.length);
  const archive = await sealedArchive([
    ["manifest.json", manifestOf({ version: 1 })],
    [plain, Buffer.from("{}")],
  ]);
  const changed = Buffer.from(archive);
  for (let at = changed.indexOf(plain); at !== -1; at = changed.indexOf(plain, at + 1)) {
    changed.write(name, at, "latin1");
  }
  return reseal(changed);
}
