import { resolve } from "node:path";
import type { BundleKind } from "@cmo/contract";
import { writeFileAtomically } from "@cmo/exporters";
import { bundleFileFormat } from "../people/refresh-files.ts";
import { newestErasure, writeNotedFiles } from "../people/write-noted-files.ts";
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
  const erasedAt = await newestErasure(runtime.store);
  // Nothing is noted of a bundle that cannot be made.
  const first = await openJobBundle(runtime, jobId, kind);
  try {
    return await writeNotedFiles(runtime.store, noted, async () => {
      const isOfNow = (await newestErasure(runtime.store)) === erasedAt;
      const { pieces } = isOfNow ? first : await openJobBundle(runtime, jobId, kind);
      return writeFileAtomically(path, pieces, { mode: bundleFileMode });
    });
  } finally {
    await first.close();
  }
}

/** The permissions of a bundle: its owner's alone. */
export const bundleFileMode = 0o600;
