import { CmoError } from "@cmo/engine";
import type { Runtime } from "../runtime/create-runtime.ts";
import { type CampaignResult, exportEnded, type RunCampaignOptions } from "./run-campaign.ts";

/** How a job is gone on with in this process. */
export interface ResumeCampaignOptions extends Omit<RunCampaignOptions, "spec" | "submit"> {
  jobId: string;
}

/**
 * Goes on with a job that is paused, waits in the queue, or whose process died, and writes its files at the end; while
 * another process works on it, shows what that one does. The sinks get the log from its start.
 * @throws CmoError `not_found`; `conflict` for a job that has ended; `export_failed`.
 */
export async function resumeCampaign(
  { engine }: Pick<Runtime, "engine">,
  { jobId, sinks, signal, ...destination }: ResumeCampaignOptions,
): Promise<CampaignResult> {
  const job = await engine.job(jobId);
  if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  if (job.finishedAt !== null) {
    const again =
      job.status === "completed" ? "Run the campaign again" : `Try it again with: cmo retry ${jobId}`;
    throw new CmoError("conflict", `Job ${jobId} is ${job.status}; there is nothing to go on with.`, {
      hint: `${again}, or write its files with: cmo export ${jobId}`,
    });
  }
  if (job.status === "paused" || job.desired === "paused") await engine.resume(jobId);
  const summary = await engine.attend(jobId, sinks, { signal });
  return exportEnded(engine, summary, destination);
}
