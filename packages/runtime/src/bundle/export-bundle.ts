import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { BundleKind } from "@cmo/contract";
import type { ExportedPath, Store } from "@cmo/engine";
import { writeFileAtomically } from "@cmo/exporters";
import { bundleFileFormat } from "../people/refresh-files.ts";
import { writeNotedFiles } from "../people/write-noted-files.ts";
import { type BundleRuntime, openJobBundle, readEndedJob } from "./job-bundle.ts";

/** Which bundle is written, and where to. */
export interface ExportBundleOptions {
  readonly runtime: BundleRuntime;
  readonly jobId: string;
  readonly kind: BundleKind;
  /** The file; its folder is made when it is missing. */
  readonly path: string;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the bundle of a job, whole or not at all, for its owner's eyes only. The store keeps its path, so that an erase
 * of somebody in it removes it; not when it could not be written, for what is there then is no file of ours. Gives how
 * many bytes there are, and `erased` as a `JobBundle` has it.
 * @throws CmoError as `openJobBundle`; `export_failed`; `cancelled` after an abort, at once and with nothing left behind.
 */
export async function exportBundle({
  runtime,
  jobId,
  kind,
  path,
  signal,
}: ExportBundleOptions): Promise<{ readonly bytes: number; readonly erased: string | null }> {
  await readEndedJob(runtime.store, jobId);
  const file = { jobId, path: resolve(path), format: bundleFileFormat };
  const forget = await noteToForget(runtime.store, file);
  let erased: string | null = null;
  // Made while it is written: an abort is heard of all the time.
  async function* pieces() {
    const bundle = await openJobBundle(runtime, jobId, kind);
    ({ erased } = bundle);
    yield* bundle.pieces;
  }
  try {
    const { bytes } = await writeNotedFiles(runtime.store, [file], () =>
      writeFileAtomically(path, pieces(), {
        mode: bundleFileMode,
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    return { bytes, erased };
  } catch (error) {
    // The first error is the one to tell.
    await forget().catch(() => {});
    throw error;
  }
}

/** Brings back what is noted of the path of a file now, unless something else is there by then. */
async function noteToForget(store: Store, { path }: ExportedPath): Promise<() => Promise<void>> {
  const before = await identityOf(path);
  const noted = (await store.readFiles(null)).filter((one) => one.path === path);
  return async () => {
    if ((await identityOf(path)) !== before) return;
    await store.forgetFiles([path]);
    await store.noteFiles(noted);
  };
}

/** Another one for each file that takes the place of the path; null where none is. */
function identityOf(path: string): Promise<string | null> {
  return stat(path).then(
    ({ dev, ino }) => `${dev} ${ino}`,
    () => null,
  );
}

/** The permissions of a bundle: its owner's alone. */
export const bundleFileMode = 0o600;
