import type { CmoError } from "@cmo/engine";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openBundle } from "../src/read/open-bundle.ts";
import {
  bundleBytes,
  fileOf,
  inTurn,
  reseal,
  sampleAnswers,
  sampleEvents,
  sampleParts,
} from "../src/testing/sample-bundle.ts";
import { verifyBundle } from "../src/verify/verify-bundle.ts";
import { bundlePieces } from "../src/write/write-bundle.ts";

afterEach(() => vi.unstubAllEnvs());

describe("a bundle", () => {
  it("gives back what was put into it, and everything fits together", async () => {
    const parts = sampleParts();
    const bundle = await openBundle(await fileOf(await bundleBytes(parts)));
    expect(await bundle.spec()).toEqual(parts.spec);
    expect(await bundle.config()).toBe(parts.config);
    expect(await bundle.summary()).toEqual(parts.summary);
    expect(await bundle.expected()).toEqual(parts.expected);
    expect(await all(bundle.events())).toEqual(sampleEvents());
    expect(await all(bundle.recording())).toEqual(sampleAnswers);
    expect(bundle.manifest).toMatchObject({
      version: 2,
      kind: "full",
      jobId: "job_test",
      log: { events: 9 },
      recording: { answers: 3, jobs: ["job_test"] },
    });
    expect((await verifyBundle(bundle)).log).toEqual(parts.expected.log);
    await bundle.close();
  });

  it.each(["UTC", "Australia/Lord_Howe", "America/Los_Angeles"])(
    "says of its entries the day in UTC at noon, whatever the time is where it is written: %s",
    async (zone) => {
      vi.stubEnv("TZ", zone);
      const bytes = await bundleBytes();
      const [noon, day] = [12 << 11, (50 << 9) | (1 << 5) | 2];
      // Of each entry in the list at the end: time, date, and the length of what else is said of it.
      const entries = bytes.toString("latin1").split("PK\u0001\u0002").slice(1);
      const said = entries.map((text) => {
        const entry = Buffer.from(text, "latin1");
        return [entry.readUInt16LE(8), entry.readUInt16LE(10), entry.readUInt16LE(26)];
      });
      expect(said).toEqual(Array.from({ length: 7 }, () => [noon, day, 0]));
    },
  );

  it("is of the first version where it holds no config, for readers who know of none", async () => {
    const bundle = await openBundle(await fileOf(await bundleBytes(sampleParts({ config: null }))));
    expect(bundle.manifest.version).toBe(1);
    expect(bundle.manifest.entries.map(({ name }) => name)).not.toContain("config.yaml");
    expect(await bundle.config()).toBeNull();
    await verifyBundle(bundle);
    await bundle.close();
  });

  it("is found to be changed wherever a byte of it is", async () => {
    const bytes = await bundleBytes();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        await expect(openBundle(await fileOf(changed))).rejects.toMatchObject({ code: "bundle_invalid" });
      }),
      { numRuns: 150 },
    );
  });

  it("is found to be changed in the content of each entry, also when somebody sealed it again", async () => {
    const bytes = await bundleBytes();
    const original = await contentOf(bytes);
    // Up to the list of entries: what is packed, and the header before it.
    const end = bytes.indexOf(Buffer.from("PK\u0001\u0002", "latin1"));
    await fc.assert(
      fc.asyncProperty(fc.nat(end - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        const found = await contentOf(reseal(changed)).catch((error: CmoError) => error.code);
        // A header that the list of entries overrules, or a bit after the end of what was packed, changes nothing.
        if (found !== "bundle_invalid") expect(found).toEqual(original);
      }),
      { numRuns: 150 },
    );
  });

  it("is found to be cut short, wherever it was cut", async () => {
    const bytes = await bundleBytes();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        const path = await fileOf(bytes.subarray(0, length));
        await expect(openBundle(path)).rejects.toMatchObject({ code: "bundle_invalid" });
      }),
      { numRuns: 60 },
    );
  });

  it("fails with what reading a part of it fails with, and then has no end", async () => {
    async function* broken() {
      yield* sampleAnswers;
      throw new Error("the store is away");
    }
    const pieces: Uint8Array[] = [];
    const write = async () => {
      for await (const piece of bundlePieces(sampleParts({ recording: broken() }))) pieces.push(piece);
    };
    await expect(write()).rejects.toThrow("the store is away");
    await expect(openBundle(await fileOf(Buffer.concat(pieces)))).rejects.toMatchObject({
      code: "bundle_invalid",
    });
  });

  it("is written in memory that does not grow with it", async () => {
    let ahead = 0;
    let most = 0;
    async function* many() {
      for (let item = 0; item < 20_000; item += 1) {
        ahead += 1;
        most = Math.max(most, ahead);
        yield { ...sampleAnswers[0], item: `${item}`, value: `${Math.random()}`.repeat(20) } as never;
      }
    }
    for await (const _piece of bundlePieces(sampleParts({ recording: many() }))) ahead = 0;
    // Some pieces wait in the streams between, whatever the length of the recording.
    expect(most).toBeLessThan(6_000);
  });
});

describe("verifyBundle", () => {
  const events = sampleEvents();
  const without = (index: number) => events.filter((_event, at) => at !== index);
  it.each([
    ["a log with a gap", { events: inTurn(without(3)) }, "gap"],
    ["a log without an end", { events: inTurn(without(8)) }, "no end"],
    [
      "a log that goes on after its end",
      { events: inTurn([...events, { ...(events[7] as never as object), seq: 10 } as never]) },
      "after its end",
    ],
    [
      "another expected log",
      { expected: { log: ['{"data":{},"type":"log"}'], summary: null } },
      "canonical log",
    ],
    [
      "files that the log does not tell of",
      { facts: { ...sampleParts().facts, files: [] } },
      "not those that the log",
    ],
    [
      "another end than the log's",
      { facts: { ...sampleParts().facts, status: "cancelled" as const } },
      "does not end as cancelled",
    ],
    [
      "an answer of a job that is not named",
      { recording: inTurn([{ ...sampleAnswers[0], job: 1 } as never]) },
      "not named",
    ],
  ])("finds %s", async (_what, change, message) => {
    const bundle = await openBundle(await fileOf(await bundleBytes(sampleParts(change))));
    await expect(verifyBundle(bundle)).rejects.toThrow(message);
    await bundle.close();
  });
});

/** Everything that is read from a bundle in which all fits together. */
async function contentOf(bytes: Uint8Array): Promise<unknown> {
  const bundle = await openBundle(await fileOf(bytes));
  try {
    await verifyBundle(bundle);
    const { manifest } = bundle;
    return [manifest, await bundle.spec(), await bundle.summary(), await all(bundle.recording())];
  } finally {
    await bundle.close();
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
