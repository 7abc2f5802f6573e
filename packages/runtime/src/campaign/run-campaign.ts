import type { JobSpec, RunSummary, Sink } from "@cmo/engine";
import { type ExportedFile, exportJob } from "../export/export-job.ts";
import type { Runtime } from "../runtime/create-runtime.ts";

/** How a campaign is run in this process. */
export interface RunCampaignOptions {
  spec: JobSpec;
  sinks: readonly Sink[];
  /** Cancels the job (its partial results are exported), or pauses it in a store on disk. */
  signal: AbortSignal;
  directory: string;
  presets?: readonly string[];
}

/** What a campaign came to. */
export interface CampaignResult {
  summary: RunSummary;
  files: readonly ExportedFile[];
}

/**
 * Runs a campaign through the engine and writes its files, also when it failed or was cancelled. A dry run writes none,
 * nor does a job that was paused: its leads are there when it has ended.
 * @throws CmoError `export_failed` when a file cannot be written; the job itself has ended by then.
 */
export async function runCampaign(
  { engine }: Pick<Runtime, "engine">,
  { spec, sinks, signal, ...destination }: RunCampaignOptions,
): Promise<CampaignResult> {
  const summary = await engine.runInproc(spec, sinks, { signal });
  if (spec.dryRun) return { summary, files: [] };
  return exportEnded(engine, summary, destination);
}

/** The files of a job that has ended; none of one that has not. @throws CmoError `export_failed`. */
export async function exportEnded(
  engine: Runtime["engine"],
  summary: RunSummary,
  { directory, presets = [] }: Pick<RunCampaignOptions, "directory" | "presets">,
): Promise<CampaignResult> {
  if (summary.jobId === null || summary.ok === null) return { summary, files: [] };
  const { files } = await exportJob({ engine, jobId: summary.jobId, directory, presets });
  return { summary, files };
}
