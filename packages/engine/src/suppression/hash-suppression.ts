import type { SuppressionEntry } from "../config/suppress-entry.ts";
import { type Digest, digestText } from "../port/digest.ts";

/**
 * The keyed hash that stands for a person on a suppression list: HMAC-SHA-256 under the store's key, so that the list
 * keeps people out without saying who they are. Entries are normalised first; equal entries give equal hashes.
 */
export function hashSuppression(digest: Digest, key: string, entry: SuppressionEntry): string {
  const value = entry.kind === "id" ? entry.value : entry.value.trim().toLowerCase().normalize("NFC");
  return digestText(digest, `${entry.kind}:${value}`, key);
}
