// What a browser may use too: nothing here needs Node.
export type { ArchiveEntry, BundleArchive, RunningDigest } from "./format/bundle-archive.ts";
export { bundleError } from "./format/bundle-error.ts";
export { type BundleLimits, defaultBundleLimits } from "./format/bundle-format.ts";
export type { BundleManifest } from "./format/bundle-manifest.ts";
export { type BundleContent, readBundle } from "./format/read-bundle.ts";
export {
  brokenSealText,
  isArchiveStart,
  isSeal,
  sealLength,
  sealOf,
  unsealedText,
} from "./format/seal.ts";
export { wholeLog } from "./format/whole-log.ts";
