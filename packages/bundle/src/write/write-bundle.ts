import { createHash } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { encodeJobEvent, type JobEvent, type JobSpec, type RunSummary } from "@cmo/engine";
import { ZipFile } from "yazl";
import { type BundleEntryName, bundleFormat, versionOf } from "../format/bundle-format.ts";
import type { BundleManifest } from "../format/bundle-manifest.ts";
import type { ExpectedOutcome } from "../format/expected-outcome.ts";
import type { RecordedAnswer } from "../format/recorded-answer.ts";
import { sealLength, sealOf, unsealed } from "../format/seal.ts";
import { createHashChain, hashChain } from "../verify/hash-chain.ts";

/** What a bundle is made of. What is iterated over is read once, in pieces. */
export interface BundleParts {
  readonly facts: Pick<
    BundleManifest,
    "kind" | "jobId" | "status" | "createdAt" | "writer" | "run" | "files"
  > & {
    readonly expectedFrom: BundleManifest["expected"]["from"];
    /** See the manifest. */
    readonly decision?: number | undefined;
    readonly jobs: readonly string[];
    /** See the manifest. */
    readonly erased?: string | undefined;
  };
  /** The config that the job was made from, as it was written; null where there is none. */
  readonly config: string | null;
  readonly spec: JobSpec;
  readonly events: AsyncIterable<JobEvent>;
  readonly recording: AsyncIterable<RecordedAnswer>;
  readonly summary: RunSummary;
  readonly expected: ExpectedOutcome;
}

/**
 * The bytes of a bundle, in pieces, in memory that does not grow with the run: an entry is read as it is packed. Throws
 * what reading its parts throws; what was given until then is no bundle, since it has no end.
 */
export async function* bundlePieces(parts: BundleParts): AsyncGenerator<Uint8Array, void, undefined> {
  const zip = new ZipFile();
  const output = new PassThrough();
  const entries: BundleManifest["entries"] = [];
  let reading: Readable | null = null;
  const log = createHashChain();
  let answers = 0;

  const header = { mtime: noonOf(parts.facts.createdAt), forceDosTimestamp: true, mode: 0o100600 };
  const add = (name: BundleEntryName, pieces: () => AsyncIterable<string>) =>
    zip.addReadStreamLazy(name, header, (give) => {
      const content = Readable.from(counted(name, pieces()), { objectMode: false });
      // The library waits for the end of what it reads, which does not come.
      content.once("error", (error) => output.destroy(error));
      reading = content;
      give(null, content);
    });
  const { config } = parts;
  if (config !== null) {
    add("config.yaml", async function* () {
      yield config;
    });
  }
  add("spec.json", () => document(parts.spec));
  add("events.ndjson", async function* () {
    for await (const event of parts.events) {
      const line = encodeJobEvent(event);
      log.add(line);
      yield `${line}\n`;
    }
  });
  add("recording.ndjson", async function* () {
    for await (const answer of parts.recording) {
      answers += 1;
      yield `${JSON.stringify(answer)}\n`;
    }
  });
  add("summary.json", () => document(parts.summary));
  add("expected.json", () => document(parts.expected));
  add("manifest.json", () => document(manifest()));
  zip.end({ forceZip64Format: false, comment: unsealed });

  zip.on("error", (error: Error) => output.destroy(error));
  zip.outputStream.pipe(output);
  try {
    yield* sealed(output);
  } finally {
    // Whoever leaves early leaves nobody reading.
    (reading as Readable | null)?.destroy();
  }

  async function* counted(name: BundleEntryName, pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const piece of gathered(pieces)) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
    if (name !== "manifest.json") entries.push({ name, bytes, sha256: hash.digest("hex") });
  }

  function manifest(): BundleManifest {
    const { expectedFrom, decision, jobs, erased, ...facts } = parts.facts;
    const { log: lines } = parts.expected;
    return {
      ...facts,
      format: bundleFormat,
      version: versionOf({ config: parts.config !== null }),
      log: { events: log.count(), chain: log.digest() },
      expected: {
        from: expectedFrom,
        lines: lines.length,
        chain: hashChain(lines),
        ...(decision === undefined ? {} : { decision }),
      },
      recording: { answers, jobs: [...jobs], ...(erased === undefined ? {} : { erased }) },
      entries,
    };
  }
}

/**
 * Noon of an instant's day in UTC, on the clock of this machine: archives hold the time of day where they are written, and
 * that would tell where this is.
 */
function noonOf(instant: string): Date {
  const day = new Date(instant);
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
}

async function* document(value: unknown): AsyncGenerator<string> {
  yield `${JSON.stringify(value, null, 2)}\n`;
}

/** Packing a line at a time would cost more than all else. */
const pieceLength = 64 * 1024;

async function* gathered(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let waiting = "";
  for await (const text of texts) {
    waiting += text;
    if (waiting.length < pieceLength) continue;
    yield Buffer.from(waiting, "utf8");
    waiting = "";
  }
  if (waiting !== "") yield Buffer.from(waiting, "utf8");
}

/** Holds back the end, where the seal goes, until everything before it is known. */
async function* sealed(output: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of output) {
    const all = held.length === 0 ? piece : Buffer.concat([held, piece]);
    const ready = all.subarray(0, Math.max(0, all.length - sealLength));
    held = all.subarray(ready.length);
    if (ready.length === 0) continue;
    hash.update(ready);
    yield ready;
  }
  yield Buffer.from(sealOf(hash.digest("hex")), "latin1");
}
