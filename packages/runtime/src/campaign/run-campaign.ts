import type { JobSpec, RunSummary, Sink, SubmitOptions } from "@cmo/engine";
import { type ExportedFile, exportJob } from "../export/export-job.ts";
import { foundNothing } from "../export/found-nothing.ts";
import type { Runtime } from "../runtime/create-runtime.ts";

/** How a campaign is run in this process. */
export interface RunCampaignOptions {
  spec: JobSpec;
  sinks: readonly Sink[];
  /** Cancels the job (its partial results are exported), or pauses it in a store on disk. */
  signal: AbortSignal;
  directory: string;
  presets?: readonly string[];
  /** How the job is put into the queue. */
  submit?: SubmitOptions;
}

/** What a campaign came to. */
export interface CampaignResult {
  summary: RunSummary;
  files: readonly ExportedFile[];
}

/**
 * Runs a campaign through the engine and writes its files, also when it failed or was cancelled: only the summary when it
 * failed before anything was found. A dry run writes none, nor does a job that was paused: its leads are there when it
 * has ended. Another worker of the same store may take the job; then the sinks get what that one does.
 * @throws CmoError `export_failed` when a file cannot be written; the job itself has ended by then.
 */
export async function runCampaign(
  { engine }: Pick<Runtime, "engine">,
  { spec, sinks, signal, submit, ...destination }: RunCampaignOptions,
): Promise<CampaignResult> {
  const summary = await engine.runInproc(spec, sinks, { ...submit, signal });
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
  const formats = foundNothing(summary) ? { summaryOnly: true } : { presets };
  const { files } = await exportJob({ engine, jobId: summary.jobId, directory, ...formats });
  return { summary, files };
}
