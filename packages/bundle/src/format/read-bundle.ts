import { CmoError, decodeJobEvent, type JobEvent } from "@cmo/engine";
import * as v from "valibot";
import type { ArchiveEntry, BundleArchive, RunningDigest } from "./bundle-archive.ts";
import { bundleError } from "./bundle-error.ts";
import {
  type BundleEntryName,
  type BundleLimits,
  bundleEntries,
  bundleFormat,
  bundleVersion,
  hasEntry,
} from "./bundle-format.ts";
import { type BundleManifest, bundleManifestSchema } from "./bundle-manifest.ts";
import { type ExpectedOutcome, expectedOutcomeSchema } from "./expected-outcome.ts";
import { isNestedDeeper } from "./is-nested-deeper.ts";
import { linesOf } from "./lines-of.ts";
import { type RecordedAnswer, recordedAnswerSchema } from "./recorded-answer.ts";

/** A bundle of a version that is known, and whose entries are those that its manifest names. */
export interface BundleContent {
  readonly manifest: BundleManifest;
  /**
   * The spec, or the summary as it was when the bundle was written; their form is not checked.
   * @throws CmoError `bundle_invalid`, as all of these, for an entry that is not what the manifest says.
   */
  document(name: "spec.json" | "summary.json"): Promise<unknown>;
  /** The config that the job was made from, as it was written; null where the bundle holds none. */
  config(): Promise<string | null>;
  expected(): Promise<ExpectedOutcome>;
  /** The log, in order, read as it is asked for; the digest is known when the last one was given. */
  events(): AsyncIterable<JobEvent>;
  /** The lines of the log, as they stand. */
  eventLines(): AsyncIterable<string>;
  recording(): AsyncIterable<RecordedAnswer>;
  /** Reads an entry and checks its digest, whatever it holds. */
  check(name: BundleEntryName): Promise<void>;
}

/** What {@link readBundle} reads, and with what. */
export interface BundleSource {
  readonly archive: BundleArchive;
  readonly limits: BundleLimits;
  /** Null where there is no SHA-256: then no digest is compared. */
  readonly sha256: (() => RunningDigest) | null;
}

/**
 * Reads an archive as a bundle: its list of entries and its manifest now, all others when they are asked for. Its seal
 * and the size of its file are looked at by whoever has the file. No more is unpacked than `limits` allow.
 * @throws CmoError `bundle_invalid` for what is no bundle, was changed, or holds too much; `bundle_newer` for one that a
 * later cmo wrote; what reading the archive throws.
 */
export async function readBundle({ archive, limits, sha256 }: BundleSource): Promise<BundleContent> {
  const { found, strange } = await entriesOf(archive, limits);
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
    if (bytes === undefined || bytes !== found.get(name)?.bytes) {
      throw bundleError(`${name} does not have the size that the manifest says.`);
    }
  }

  /** The bytes of an entry; its digest is compared at its end. */
  async function* bytesOf(name: BundleEntryName): AsyncGenerator<Uint8Array, void, undefined> {
    // The manifest is read before anybody knows what is said of the others, and nothing says what it must be.
    const digest = name === "manifest.json" ? null : (sha256?.() ?? null);
    try {
      for await (const piece of entryOf(name).content()) {
        digest?.update(piece);
        yield piece;
      }
    } catch (error) {
      throw error instanceof CmoError ? error : bundleError(`${name} cannot be unpacked: ${textOf(error)}.`);
    }
    if (digest !== null && (await digest.hex()) !== said.get(name)?.sha256) {
      throw bundleError(`${name} is not what was written: its bytes do not match the manifest.`);
    }
  }

  async function textOfEntry(name: BundleEntryName): Promise<string> {
    if (entryOf(name).bytes > limits.documentBytes) {
      throw bundleError(`${name} has more than ${limits.documentBytes} bytes.`);
    }
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let text = "";
    for await (const piece of bytesOf(name)) text += decoder.decode(piece, { stream: true });
    return text + decoder.decode();
  }

  function entryOf(name: BundleEntryName): ArchiveEntry {
    const entry = found.get(name);
    if (entry === undefined) throw bundleError(`${name} is missing.`);
    return entry;
  }

  const lines = (name: BundleEntryName) => linesOf(bytesOf(name), name, limits.lineLength);

  return {
    manifest,
    document: async (name) => parseJson(await textOfEntry(name), name),
    config: async () => (found.has("config.yaml") ? textOfEntry("config.yaml") : null),
    async expected() {
      return parsed(expectedOutcomeSchema, await textOfEntry("expected.json"), "expected.json");
    },
    eventLines: () => lines("events.ndjson"),
    async *events() {
      let number = 0;
      for await (const line of lines("events.ndjson")) {
        number += 1;
        const decoded = decodeJobEvent(line);
        if (!decoded.ok || isNestedDeeper(decoded.value.data, mostLevels)) {
          throw bundleError(`events.ndjson, line ${number}, is no event.`);
        }
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
  };
}

interface FoundEntries {
  readonly found: ReadonlyMap<BundleEntryName, ArchiveEntry>;
  /** The first one that no bundle of today has, quoted: one of a later version may have it. */
  readonly strange: string | null;
}

async function entriesOf(archive: BundleArchive, limits: BundleLimits): Promise<FoundEntries> {
  const found = new Map<BundleEntryName, ArchiveEntry>();
  if (archive.entryCount > mostEntries) {
    throw bundleError(`The archive holds ${archive.entryCount} entries.`);
  }
  let strange: string | null = null;
  let total = 0;
  for await (const entry of archive.entries()) {
    const name = bundleEntries.find((one) => one === entry.name);
    if (name === undefined) {
      strange ??= JSON.stringify(entry.name);
      continue;
    }
    if (found.has(name)) throw bundleError(`The archive holds ${name} twice.`);
    if (entry.isEncrypted) throw bundleError(`${name} is encrypted.`);
    total += entry.bytes;
    // An entry gives no more bytes than it says that it has.
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

/** Of lists and objects within each other: far more than anything that a run leaves has. */
const mostLevels = 100;

function parseJson(text: string, name: string): unknown {
  const value = jsonOf(text, name);
  if (isNestedDeeper(value, mostLevels))
    throw bundleError(`${name} is nested by more than ${mostLevels} levels.`);
  return value;
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bundleError(`${name} holds no JSON.`, error);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
