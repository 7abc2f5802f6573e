import { resolve } from "node:path";
import type { BundleKind } from "@cmo/contract";
import { writeFileAtomically } from "@cmo/exporters";
import { bundleFileFormat } from "../people/refresh-files.ts";
import { writeNotedFiles } from "../people/write-noted-files.ts";
import { type BundleRuntime, openJobBundle } from "./job-bundle.ts";

/** Which bundle is written, and where to. */
export interface ExportBundleOptions {
  readonly runtime: BundleRuntime;
  readonly jobId: string;
  readonly kind: BundleKind;
  /** The file; its folder is made when it is missing. */
  readonly path: string;
}

/**
 * Writes the bundle of a job, whole or not at all, for its owner's eyes only. The store keeps its path, so that an erase
 * of somebody in it removes it. @throws CmoError as `openJobBundle`; `export_failed`.
 */
export async function exportBundle({
  runtime,
  jobId,
  kind,
  path,
}: ExportBundleOptions): Promise<{ readonly bytes: number }> {
  const noted = [{ jobId, path: resolve(path), format: bundleFileFormat }];
  // Nothing is noted of a bundle that cannot be made.
  await openJobBundle(runtime, jobId, kind);
  return writeNotedFiles(runtime.store, noted, async () => {
    const { pieces } = await openJobBundle(runtime, jobId, kind);
    return writeFileAtomically(path, pieces, { mode: bundleFileMode });
  });
}

/** The permissions of a bundle: its owner's alone. */
export const bundleFileMode = 0o600;
