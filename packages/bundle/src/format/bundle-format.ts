/** What a manifest says that it is of. */
export const bundleFormat = "cmo-run-bundle";

/** The newest version. It grows when a reader of today would misread what is written tomorrow. */
export const bundleVersion = 2;

/** The version in which a bundle is written: the oldest that can hold what is in it, so that earlier readers read it. */
export function versionOf(holds: { readonly config: boolean }): 1 | 2 {
  return holds.config ? 2 : 1;
}

/** The entries of a bundle, in the order in which they are written. There are no others. */
export const bundleEntries = [
  "config.yaml",
  "spec.json",
  "events.ndjson",
  "recording.ndjson",
  "summary.json",
  "expected.json",
  "manifest.json",
] as const;

/** The name of an entry. */
export type BundleEntryName = (typeof bundleEntries)[number];

/** Whether a bundle of that version has the entry: one of version 2 is one of version 1 with a config. */
export function hasEntry(version: number, name: BundleEntryName): boolean {
  return name !== "config.yaml" || version >= 2;
}

/** How much a bundle may hold: whoever opens one from somewhere else must not run out of memory or disk. */
export interface BundleLimits {
  /** The file itself, in bytes. */
  readonly archiveBytes: number;
  /** All entries together, unpacked, in bytes. */
  readonly totalBytes: number;
  /** An entry that is read as a whole (`.json`), unpacked, in bytes. */
  readonly documentBytes: number;
  /** A line of an entry that is read by lines (`.ndjson`), in characters. */
  readonly lineLength: number;
}

/** Enough for a campaign of a hundred thousand people, and what a machine can take. */
export const defaultBundleLimits: BundleLimits = {
  archiveBytes: 2 * 1024 ** 3,
  totalBytes: 4 * 1024 ** 3,
  documentBytes: 64 * 1024 ** 2,
  lineLength: 16 * 1024 ** 2,
};
