import {
  type BundleContent,
  type BundleLimits,
  type BundleManifest,
  brokenSealText,
  bundleError,
  defaultBundleLimits,
  isSeal,
  type RunningDigest,
  readBundle,
  sealLength,
  sealOf,
  unsealedText,
  wholeLog,
} from "@cmo/bundle/format";
import { runSummarySchema } from "@cmo/contract";
import { CmoError, type JobEvent, type RunSummary } from "@cmo/engine";
import * as v from "valibot";
import { hasDigests, sha256Of } from "../text/sha256.ts";
import { giveWay } from "./give-way.ts";
import { mostLogBytes } from "./read-saved-log.ts";
import { openZipArchive } from "./zip-archive.ts";

/** What a bundle holds that a page shows. */
export interface SavedBundle {
  readonly manifest: BundleManifest;
  readonly check: BundleCheck;
  readonly events: readonly JobEvent[];
  /** As it was when the bundle was written. */
  readonly summary: RunSummary;
}

/**
 * How much of a bundle was found to be what was written: every byte (`all`), what the page shows of a file that is too
 * large to be checked here (`shown`), or nothing, since the browser has no digests for this page (`none`).
 */
export type BundleCheck = "all" | "shown" | "none";

/** How much of a bundle a page takes on. */
export interface PageBundleLimits extends BundleLimits {
  /** The log, unpacked, in bytes. */
  readonly logBytes: number;
  /** A file whose seal is checked, in bytes: a browser digests only what it holds as a whole. */
  readonly sealedBytes: number;
}

const pageBundleLimits: PageBundleLimits = {
  ...defaultBundleLimits,
  logBytes: mostLogBytes,
  sealedBytes: 256 * 1024 * 1024,
};

/**
 * Opens a bundle. Of its entries only manifest, log and summary are unpacked; the recording, which may be large, stays
 * in the file. @throws CmoError `bundle_invalid` for what is no bundle, was cut short or changed, or holds too much;
 * `bundle_newer` for one that a later cmo wrote.
 */
export async function readSavedBundle(
  file: File,
  limits: PageBundleLimits = pageBundleLimits,
): Promise<SavedBundle> {
  if (file.size > limits.archiveBytes) throw tooLarge(`${file.name} is larger than 2 GB.`);
  const isSealed = await checkSeal(file, limits);
  const content = await openContent(file, limits);
  const { manifest } = content;
  const logBytes = manifest.entries.find(({ name }) => name === "events.ndjson")?.bytes ?? 0;
  if (logBytes > limits.logBytes) throw tooLarge("The log in this bundle is larger than 500 MB.");
  const summary = v.safeParse(runSummarySchema, await content.document("summary.json"));
  if (!summary.success) throw bundleError("summary.json is not as it must be.");
  const events: JobEvent[] = [];
  for await (const event of wholeLog(content.events())) {
    events.push(event);
    await giveWay(events.length);
  }
  return {
    manifest,
    check: isSealed ? "all" : hasDigests() ? "shown" : "none",
    events,
    summary: manifest.kind === "shared" ? withoutAddresses(summary.output) : summary.output,
  };
}

async function openContent(file: File, limits: BundleLimits): Promise<BundleContent> {
  try {
    const archive = await openZipArchive(file);
    const sha256 = hasDigests() ? createPageDigest : null;
    return await readBundle({ archive, limits, sha256 });
  } catch (error) {
    if (error instanceof CmoError) throw error;
    throw bundleError(
      `The file is no bundle: ${error instanceof Error ? error.message : String(error)}.`,
      error,
    );
  }
}

/** Whether every byte of the file is known to be what was written; false where that is not looked at. */
async function checkSeal(file: Blob, { sealedBytes }: PageBundleLimits): Promise<boolean> {
  const end = Math.max(0, file.size - sealLength);
  const seal = await latin1Of(file.slice(end));
  if (!isSeal(seal)) throw bundleError(unsealedText(await latin1Of(file.slice(0, 4))));
  if (!hasDigests() || file.size > sealedBytes) return false;
  if (sealOf(await sha256Of(await file.slice(0, end).arrayBuffer())) !== seal)
    throw bundleError(brokenSealText);
  return true;
}

/** A digest of what comes in pieces. They are kept until its end, since a browser digests only what is whole. */
function createPageDigest(): RunningDigest {
  const pieces: BlobPart[] = [];
  return {
    update: (piece) => void pieces.push(new Uint8Array(piece)),
    hex: async () => sha256Of(await new Blob(pieces).arrayBuffer()),
  };
}

async function latin1Of(bytes: Blob): Promise<string> {
  return String.fromCharCode(...new Uint8Array(await bytes.arrayBuffer()));
}

/** Addresses that are made of pseudonyms lead nowhere, or to somebody who is not meant. */
function withoutAddresses(summary: RunSummary): RunSummary {
  return {
    ...summary,
    topProspects: summary.topProspects.map((prospect) => ({ ...prospect, profileUrl: "" })),
  };
}

function tooLarge(message: string): CmoError {
  return new CmoError("bundle_invalid", message, {
    hint: "A page has no room for it. Check it with cmo verify, and run it again with cmo replay.",
  });
}
