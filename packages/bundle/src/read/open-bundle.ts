import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { CmoError, decodeJobEvent, type JobEvent, type JobSpec, parseJobSpec } from "@cmo/engine";
import * as v from "valibot";
import { type Entry, fromFdPromise, type ZipFile } from "yauzl";
import { bundleError } from "../format/bundle-error.ts";
import {
  type BundleEntryName,
  type BundleLimits,
  bundleEntries,
  bundleFormat,
  bundleVersion,
  defaultBundleLimits,
  hasEntry,
} from "../format/bundle-format.ts";
import { type BundleManifest, bundleManifestSchema } from "../format/bundle-manifest.ts";
import { type ExpectedOutcome, expectedOutcomeSchema } from "../format/expected-outcome.ts";
import { type RecordedAnswer, recordedAnswerSchema } from "../format/recorded-answer.ts";
import { checkSeal } from "./check-seal.ts";
import { linesOf } from "./lines-of.ts";

/** A bundle that is sealed, of a version that is known, and whose entries are those that its manifest names. */
export interface OpenBundle {
  readonly manifest: BundleManifest;
  /** @throws CmoError `bundle_invalid`, as all of these, for an entry that is not what the manifest says. */
  spec(): Promise<JobSpec>;
  /** The config that the job was made from, as it was written; null where the bundle holds none. */
  config(): Promise<string | null>;
  /** As the run's summary was when the bundle was written; its form is not checked. */
  summary(): Promise<unknown>;
  expected(): Promise<ExpectedOutcome>;
  /** The log, in order, read as it is asked for; the digest is known when the last one was given. */
  events(): AsyncIterable<JobEvent>;
  /** The lines of the log, as they stand. */
  eventLines(): AsyncIterable<string>;
  recording(): AsyncIterable<RecordedAnswer>;
  /** Reads an entry and checks its digest, whatever it holds. */
  check(name: BundleEntryName): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a bundle. Nothing of it is written anywhere, no name in it becomes a path, and no more of it is unpacked than
 * `limits` allow. Whoever opens it closes it.
 * @throws CmoError `not_found` for a file that is not there; `bundle_invalid` for what is no bundle, was cut short or
 * changed, or holds too much; `bundle_newer` for one that a later cmo wrote.
 */
export async function openBundle(
  path: string,
  limits: BundleLimits = defaultBundleLimits,
): Promise<OpenBundle> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw new CmoError("not_found", `${path} cannot be read (${error.code ?? error.message}).`, {
      hint: "Name a bundle that cmo bundle has written.",
      cause: error,
    });
  });
  try {
    return await read(file, limits);
  } catch (error) {
    await file.close();
    throw error instanceof CmoError ? error : bundleError(`${path} is no bundle: ${textOf(error)}.`, error);
  }
}

async function read(file: FileHandle, limits: BundleLimits): Promise<OpenBundle> {
  const stats = await file.stat();
  if (!stats.isFile()) throw bundleError("It is no file.");
  if (stats.size > limits.archiveBytes) {
    throw bundleError(`The file has ${stats.size} bytes; more than ${limits.archiveBytes} are not read.`);
  }
  await checkSeal(file, stats.size);
  const zip = await fromFdPromise(file.fd, { autoClose: false, strictFileNames: true });
  const { found, strange } = await entriesOf(zip, limits);
  const manifest = readManifest(await textOfEntry("manifest.json"));
  if (strange !== null) throw bundleError(`The archive holds an entry that no bundle has: ${strange}.`);
  const said = new Map(manifest.entries.map((entry) => [entry.name, entry]));
  for (const name of bundleEntries) {
    if (name === "manifest.json") continue;
    if (!hasEntry(manifest.version, name)) {
      if (!found.has(name) && !said.has(name)) continue;
      throw bundleError(`A bundle of version ${manifest.version} has no ${name}.`);
    }
    const bytes = said.get(name)?.bytes;
    if (bytes === undefined || bytes !== found.get(name)?.uncompressedSize) {
      throw bundleError(`${name} does not have the size that the manifest says.`);
    }
  }

  /** The bytes of an entry; its digest is compared at its end. */
  async function* bytesOf(name: BundleEntryName): AsyncGenerator<Uint8Array, void, undefined> {
    const entry = found.get(name);
    if (entry === undefined) throw bundleError(`${name} is missing.`);
    const hash = createHash("sha256");
    try {
      const stream = await zip.openReadStreamPromise(entry);
      for await (const piece of stream) {
        hash.update(piece);
        yield piece;
      }
    } catch (error) {
      throw error instanceof CmoError ? error : bundleError(`${name} cannot be unpacked: ${textOf(error)}.`);
    }
    const wanted = name === "manifest.json" ? null : said.get(name)?.sha256;
    if (wanted !== null && hash.digest("hex") !== wanted) {
      throw bundleError(`${name} is not what was written: its bytes do not match the manifest.`);
    }
  }

  async function textOfEntry(name: BundleEntryName): Promise<string> {
    const entry = found.get(name);
    if (entry !== undefined && entry.uncompressedSize > limits.documentBytes) {
      throw bundleError(`${name} has more than ${limits.documentBytes} bytes.`);
    }
    const pieces: Uint8Array[] = [];
    // The manifest is read before anybody knows what is said of the others.
    for await (const piece of name === "manifest.json" ? rawBytesOf(name) : bytesOf(name)) pieces.push(piece);
    return Buffer.concat(pieces).toString("utf8");
  }

  async function* rawBytesOf(name: BundleEntryName): AsyncGenerator<Uint8Array, void, undefined> {
    const entry = found.get(name);
    if (entry === undefined) throw bundleError(`${name} is missing.`);
    let sum = 0;
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      sum = crc32(piece, sum);
      yield piece;
    }
    // No digest is there of the manifest itself.
    if (sum !== entry.crc32) throw bundleError(`${name} is not what was written: its check sum is another.`);
  }

  const lines = (name: BundleEntryName) => linesOf(bytesOf(name), name, limits.lineLength);

  return {
    manifest,
    async spec() {
      const parsed = parseJobSpec(parseJson(await textOfEntry("spec.json"), "spec.json"));
      if (parsed.ok) return parsed.value;
      const [problem] = parsed.problems;
      throw bundleError(`spec.json holds no spec: ${problem?.path.join(".")}: ${problem?.message}`);
    },
    config: async () => (found.has("config.yaml") ? textOfEntry("config.yaml") : null),
    async summary() {
      return parseJson(await textOfEntry("summary.json"), "summary.json");
    },
    async expected() {
      return parsed(expectedOutcomeSchema, await textOfEntry("expected.json"), "expected.json");
    },
    eventLines: () => lines("events.ndjson"),
    async *events() {
      let number = 0;
      for await (const line of lines("events.ndjson")) {
        number += 1;
        const decoded = decodeJobEvent(line);
        if (!decoded.ok) throw bundleError(`events.ndjson, line ${number}, is no event.`);
        yield decoded.value;
      }
    },
    async *recording() {
      let number = 0;
      for await (const line of lines("recording.ndjson")) {
        number += 1;
        yield parsed(recordedAnswerSchema, line, `recording.ndjson, line ${number},`);
      }
    },
    async check(name) {
      if (name === "manifest.json") return;
      for await (const _piece of bytesOf(name));
    },
    close: () => file.close(),
  };
}

interface FoundEntries {
  readonly found: ReadonlyMap<BundleEntryName, Entry>;
  /** The first one that no bundle of today has, quoted: one of a later version may have it. */
  readonly strange: string | null;
}

async function entriesOf(zip: ZipFile, limits: BundleLimits): Promise<FoundEntries> {
  const found = new Map<BundleEntryName, Entry>();
  if (zip.entryCount > mostEntries) throw bundleError(`The archive holds ${zip.entryCount} entries.`);
  let strange: string | null = null;
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = bundleEntries.find((one) => one === entry.fileName);
    if (name === undefined) {
      strange ??= JSON.stringify(entry.fileName);
      continue;
    }
    if (found.has(name)) throw bundleError(`The archive holds ${name} twice.`);
    if (entry.isEncrypted()) throw bundleError(`${name} is encrypted.`);
    total += entry.uncompressedSize;
    // The library gives no more bytes than an entry says that it has.
    if (total > limits.totalBytes) {
      throw bundleError(`The archive unpacks to more than ${limits.totalBytes} bytes.`);
    }
    found.set(name, entry);
  }
  return { found, strange };
}

/** More than a bundle of any version will have; listing a million would take its time. */
const mostEntries = 100;

const headSchema = v.object({ format: v.literal(bundleFormat), version: v.number() });

function readManifest(text: string): BundleManifest {
  const value = parseJson(text, "manifest.json");
  const head = v.safeParse(headSchema, value);
  if (!head.success) throw bundleError("manifest.json is not that of a bundle.");
  if (head.output.version > bundleVersion) {
    throw new CmoError(
      "bundle_newer",
      `The bundle is of version ${head.output.version}; this cmo reads up to version ${bundleVersion}.`,
      { hint: "Use the cmo that wrote it, or a later one." },
    );
  }
  return parsed(bundleManifestSchema, text, "manifest.json");
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  name: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parseJson(text, name));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw bundleError(`${name} is not as it must be: ${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bundleError(`${name} holds no JSON.`, error);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
