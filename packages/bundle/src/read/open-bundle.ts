import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { CmoError, type JobSpec, parseJobSpec } from "@cmo/engine";
import { type Entry, fromFdPromise, type ZipFile } from "yauzl";
import type { BundleArchive } from "../format/bundle-archive.ts";
import { bundleError } from "../format/bundle-error.ts";
import { type BundleLimits, defaultBundleLimits } from "../format/bundle-format.ts";
import { type BundleContent, readBundle } from "../format/read-bundle.ts";
import { checkSeal } from "./check-seal.ts";

/** A bundle out of a file that is sealed. */
export interface OpenBundle extends Omit<BundleContent, "document"> {
  /** @throws CmoError `bundle_invalid` for an entry that is not what the manifest says. */
  spec(): Promise<JobSpec>;
  /** As the run's summary was when the bundle was written; its form is not checked. */
  summary(): Promise<unknown>;
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
    const text = error instanceof Error ? error.message : String(error);
    throw error instanceof CmoError ? error : bundleError(`${path} is no bundle: ${text}.`, error);
  }
}

async function read(file: FileHandle, limits: BundleLimits): Promise<OpenBundle> {
  const stats = await file.stat();
  if (!stats.isFile()) throw bundleError("It is no file.");
  if (stats.size > limits.archiveBytes) {
    throw bundleError(`The file has ${stats.size} bytes; more than ${limits.archiveBytes} are not read.`);
  }
  await checkSeal(file, stats.size);
  const archive = archiveOf(await fromFdPromise(file.fd, { autoClose: false, strictFileNames: true }));
  const content = await readBundle({ archive, limits, sha256 });
  return {
    ...content,
    spec: () => specOf(content),
    summary: () => content.document("summary.json"),
    close: () => file.close(),
  };
}

async function specOf(content: BundleContent): Promise<JobSpec> {
  const parsed = parseJobSpec(await content.document("spec.json"));
  if (parsed.ok) return parsed.value;
  const [problem] = parsed.problems;
  throw bundleError(`spec.json holds no spec: ${problem?.path.join(".")}: ${problem?.message}`);
}

function archiveOf(zip: ZipFile): BundleArchive {
  return {
    entryCount: zip.entryCount,
    async *entries() {
      for await (const entry of zip.eachEntry()) {
        yield {
          name: entry.fileName,
          bytes: entry.uncompressedSize,
          isEncrypted: entry.isEncrypted(),
          content: () => contentOf(zip, entry),
        };
      }
    },
  };
}

/** The library gives no more bytes than an entry says that it has. */
async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array, void, undefined> {
  let sum = 0;
  for await (const piece of await zip.openReadStreamPromise(entry)) {
    sum = crc32(piece, sum);
    yield piece;
  }
  // All others have a digest in the manifest, which has none itself.
  if (entry.fileName === "manifest.json" && sum !== entry.crc32) {
    throw bundleError("manifest.json is not what was written: its check sum is another.");
  }
}

function sha256() {
  const hash = createHash("sha256");
  return { update: (piece: Uint8Array) => void hash.update(piece), hex: () => hash.digest("hex") };
}
