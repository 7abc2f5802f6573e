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

/** The seal of an archive of which everything before the seal has this SHA-256, in hexadecimal. */
export function sealOf(digest: string): string {
  return prefix + digest;
}

/** Whether a text has the form of a seal. */
export function isSeal(text: string): boolean {
  return text.startsWith(prefix) && /^[0-9a-f]{64}$/.test(text.slice(prefix.length));
}

/** What is wrong with a file that does not end with a seal, by its first four bytes (as Latin-1). */
export function unsealedText(start: string): string {
  return isArchiveStart(start)
    ? "The file does not end as a bundle does: it was cut short, or written by something else."
    : "The file is no bundle: it is no ZIP archive.";
}

/** Whether a file that begins with these four bytes (as Latin-1) is a ZIP archive with something in it. */
export function isArchiveStart(start: string): boolean {
  return start === "PK\u0003\u0004";
}

/** What is said of a file whose bytes have another digest than its seal. */
export const brokenSealText = "The file is not what was written: its bytes do not match the seal at its end.";
