export { bundleError } from "./format/bundle-error.ts";
export {
  type BundleEntryName,
  type BundleLimits,
  bundleEntries,
  bundleVersion,
  defaultBundleLimits,
} from "./format/bundle-format.ts";
export type { BundleFile, BundleManifest } from "./format/bundle-manifest.ts";
export type { ExpectedOutcome } from "./format/expected-outcome.ts";
export type { RecordedAnswer } from "./format/recorded-answer.ts";
export { type OpenBundle, openBundle } from "./read/open-bundle.ts";
export { canonicalLogOf } from "./verify/canonical-log-of.ts";
export { createHashChain, type HashChain, hashChain } from "./verify/hash-chain.ts";
export { type VerifiedBundle, verifyBundle } from "./verify/verify-bundle.ts";
export { type BundleParts, bundlePieces } from "./write/write-bundle.ts";
