import * as v from "valibot";
import { bundleEntries, bundleFormat, bundleVersion } from "./bundle-format.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** SHA-256, lower-case hexadecimal. */
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "a SHA-256"));
const jobId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,200}$/, "a job's id"));
const versionText = v.pipe(v.string(), v.maxLength(100));

/** A file of the run, as its log describes it. */
const bundleFileSchema = v.object({
  kind: v.string(),
  name: v.string(),
  mediaType: v.string(),
  bytes: count,
  rows: count,
  /** Of the file with the times of asking blank. */
  digest,
});

/** What is in a bundle, and what everything in it comes to. Loose: a later writer may say more. */
export const bundleManifestSchema = v.object({
  format: v.literal(bundleFormat),
  version: v.picklist([1, bundleVersion]),
  /** `full`: as it is stored, for one's own archive. `shared`: pseudonyms, for others. */
  kind: v.picklist(["full", "shared"]),
  jobId,
  status: v.picklist(["completed", "failed", "cancelled"]),
  /** ISO instant. */
  createdAt: v.string(),
  /** What wrote the bundle. */
  writer: v.object({ cmo: versionText, node: versionText }),
  /** What ran the job. */
  run: v.object({ engine: versionText, agent: v.object({ name: versionText, version: versionText }) }),
  /** The log: how many events, and the chain over their lines (`hashChain`). */
  log: v.object({ events: count, chain: digest }),
  /**
   * What a replay must come to. `run`: what the job came to. `recording`: what an agent comes to on the recording, where
   * somebody was taken out of it since, or everybody was given a pseudonym. `decision`: the last one known to the agent
   * that came to it, of those that change results; absent in bundles from before they were counted.
   */
  expected: v.object({
    from: v.picklist(["run", "recording"]),
    lines: count,
    chain: digest,
    decision: v.optional(count),
  }),
  /**
   * How many answers there are, and of which jobs: the job itself, and those that it is another attempt at or a fork of.
   * `erased`: the next of these, where it was erased before the bundle was written: what only it knew is missing.
   */
  recording: v.object({
    answers: count,
    jobs: v.pipe(v.array(jobId), v.minLength(1)),
    erased: v.optional(jobId),
  }),
  files: v.array(bundleFileSchema),
  /** All entries but the manifest itself. */
  entries: v.array(v.object({ name: v.picklist(bundleEntries), bytes: count, sha256: digest })),
});

/** See {@link bundleManifestSchema}. */
export type BundleManifest = v.InferOutput<typeof bundleManifestSchema>;
/** A file of the run. */
export type BundleFile = v.InferOutput<typeof bundleFileSchema>;
