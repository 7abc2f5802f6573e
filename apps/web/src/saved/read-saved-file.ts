import { isArchiveStart } from "@cmo/bundle/format";
import { CmoError } from "@cmo/engine";
import { type JobModel, savedJobModel } from "../job/job-model.ts";
import { readSavedBundle, type SavedBundle } from "./read-saved-bundle.ts";
import { readSavedLog } from "./read-saved-log.ts";

/** A job as a file told of it. */
export interface SavedJob {
  readonly fileName: string;
  /** What a bundle says of itself; null for a log. */
  readonly bundle: Pick<SavedBundle, "manifest" | "check"> | null;
  readonly model: JobModel;
}

/**
 * Opens a job out of a file, a bundle or a log, whatever the file is called. Nothing of it leaves the page.
 * @throws CmoError `usage`, `bundle_invalid`, `bundle_newer`, with what to do.
 */
export async function readSavedFile(file: File): Promise<SavedJob> {
  const { name: fileName } = file;
  if (!isArchiveStart(await startOf(file))) {
    const { jobId, events } = await readSavedLog(file);
    return { fileName, bundle: null, model: savedJobModel(jobId, events, null) };
  }
  const { manifest, check, events, summary } = await readSavedBundle(file);
  return { fileName, bundle: { manifest, check }, model: savedJobModel(manifest.jobId, events, summary) };
}

/** The first four bytes, as Latin-1. */
async function startOf(file: File): Promise<string> {
  try {
    return String.fromCharCode(...new Uint8Array(await file.slice(0, 4).arrayBuffer()));
  } catch (error) {
    throw new CmoError("usage", `${file.name} cannot be read.`, {
      hint: "It may have been moved, or be a folder. Choose it again.",
      cause: error,
    });
  }
}
