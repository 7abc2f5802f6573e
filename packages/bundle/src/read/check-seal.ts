import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { bundleError } from "../format/bundle-error.ts";
import { brokenSealText, isSeal, sealLength, sealOf, unsealedText } from "../format/seal.ts";

/**
 * Makes sure that an archive is byte for byte what was written. @throws CmoError `bundle_invalid` for one that was cut
 * short or changed, and for what is no bundle.
 */
export async function checkSeal(file: FileHandle, size: number): Promise<void> {
  const end = Buffer.alloc(Math.min(size, sealLength));
  await file.read(end, 0, end.length, size - end.length);
  const seal = end.toString("latin1");
  if (!isSeal(seal)) {
    const first = Buffer.alloc(4);
    await file.read(first, 0, 4, 0);
    throw bundleError(unsealedText(first.toString("latin1")));
  }
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(256 * 1024);
  for (let at = 0; at < size - sealLength; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - sealLength - at), at);
    if (bytesRead === 0) throw bundleError("The file was cut short while it was read.");
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  if (sealOf(hash.digest("hex")) !== seal) throw bundleError(brokenSealText);
}
