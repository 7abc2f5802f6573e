/** An archive that is read by its list of entries. Each place has its own library for it: Node one, a browser another. */
export interface BundleArchive {
  /** How many entries it lists, known before any of them is looked at. */
  readonly entryCount: number;
  entries(): AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>;
}

/** An entry as the list has it; nothing of it is true before it was read. */
export interface ArchiveEntry {
  readonly name: string;
  /** Unpacked. */
  readonly bytes: number;
  readonly isEncrypted: boolean;
  /** Unpacks it piece by piece, and throws as soon as there are more than {@link bytes}, or in the end fewer. */
  content(): AsyncIterable<Uint8Array>;
}

/** SHA-256 of what it was given piece by piece. */
export interface RunningDigest {
  update(piece: Uint8Array): void;
  /** Lower-case hexadecimal. */
  hex(): string | Promise<string>;
}
