import { join } from "node:path";
import type { Artifact, CampaignService } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import { checkArtifactName, type ExportedFile, writeFileAtomically } from "@cmo/runtime";
import { createRecordCounter, type RecordCounter } from "./count-records.ts";
import { textOf } from "./text-of.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** Which files are fetched, and where to. */
export interface ServedFilesOptions {
  readonly jobId: string;
  /** Made when it is missing. */
  readonly directory: string;
  /** Formats beside the native ones. */
  readonly presets: readonly string[];
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

const nativeFormats = ["summary", "json", "csv"];

/**
 * Writes the files of a job as they are served, byte for byte; each is whole or not there. A job that found nothing has
 * its summary only. @throws CmoError `not_found`; `export_failed` when one cannot be written, `api_unreachable`;
 * `cancelled` after an abort.
 */
export async function writeServedFiles(
  service: Pick<CampaignService, "artifacts" | "artifact">,
  { jobId, directory, presets, signal }: ServedFilesOptions,
): Promise<readonly ExportedFile[]> {
  // A server may take its time; a file is given up by whoever writes it, so that no part of it is left.
  const answered = <T>(answer: Promise<T>) =>
    signal === undefined
      ? answer
      : untilInterrupted(answer, signal, { message: "Interrupted. What was written is whole." });
  const { artifacts } = await answered(service.artifacts(jobId));
  const formats = [...nativeFormats, ...new Set(presets)];
  const wanted = formats.flatMap((format) => artifacts.filter((artifact) => artifact.format === format));
  const files: ExportedFile[] = [];
  for (const artifact of wanted) {
    const path = join(directory, nameOf(artifact, jobId));
    const { pieces } = await answered(service.artifact(jobId, artifact.name));
    const records = createRecordCounter();
    const { bytes } = await writeFileAtomically(
      path,
      counted(textOf(pieces), records),
      signal === undefined ? {} : { signal },
    );
    // Who was suppressed after the job's end is in neither; the log still counts them.
    const isTable = artifact.mediaType.startsWith("text/csv");
    files.push({ path, rows: isTable ? records.count() - 1 : artifact.rows, bytes });
  }
  return files;
}

async function* counted(texts: AsyncIterable<string>, records: RecordCounter): AsyncGenerator<string> {
  for await (const text of texts) {
    records.take(text);
    yield text;
  }
}

/** A server's word for a name must not become a path, nor the file of another job. */
function nameOf({ name }: Artifact, jobId: string): string {
  if (checkArtifactName(name).startsWith(`${jobId}_`)) return name;
  throw new CmoError("export_failed", `${JSON.stringify(name)} is no name for a file of ${jobId}.`);
}
