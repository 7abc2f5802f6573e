import { createHash } from "node:crypto";

/**
 * The comment at the end of the archive: the SHA-256 of every byte before it. With it a flipped byte is found wherever it
 * is, in the headers of the archive too, which no digest of an entry covers. It is no signature: who changes a bundle on
 * purpose can write another one.
 */
const prefix = "cmo-seal-1:";

/** How long it is, in bytes. */
export const sealLength = prefix.length + 64;

/** What stands in its place until everything before it is written. */
export const unsealed = "-".repeat(sealLength);

/** The seal over what was given to a SHA-256. */
export function sealOf(hash: ReturnType<typeof createHash>): string {
  return prefix + hash.digest("hex");
}

/** A SHA-256 to be given every byte before the seal. */
export function openSealHash(): ReturnType<typeof createHash> {
  return createHash("sha256");
}

/** Whether a text has the form of a seal. */
export function isSeal(text: string): boolean {
  return text.startsWith(prefix) && /^[0-9a-f]{64}$/.test(text.slice(prefix.length));
}
