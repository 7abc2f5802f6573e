import { relative, resolve } from "node:path";
import { CmoError } from "@cmo/engine";
import { checkPresets, exportJob } from "@cmo/runtime";
import type { Campaigns } from "../place/campaigns.ts";
import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { nothingWritten, untilInterrupted } from "../place/until-interrupted.ts";
import { withFollowedCampaigns } from "../place/with-campaigns.ts";
import { writeServedFiles } from "../place/write-served-files.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo export` was told. */
export interface ExportOptions extends PlaceOptions {
  exports: string;
  preset: readonly string[];
}

/**
 * Writes the files of a job that has ended, from what is stored; prints a path a line.
 * @throws CmoError `not_found`; `conflict` for a job that has not ended; `usage`, `export_failed`; `cancelled` when it
 * is interrupted, and then no part of a file is left.
 */
export async function exportCommand(
  jobId: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<number> {
  checkPresets(options.preset);
  const { host, terminal, interrupts } = context;
  const { signal } = interrupts;
  return withFollowedCampaigns(options, context, async (campaigns) => {
    const { status, finishedAt } = await untilInterrupted(findJob(campaigns, jobId), signal, nothingWritten);
    if (finishedAt === null) {
      throw new CmoError("conflict", `Job ${jobId} is ${status}; its leads are there when it has ended.`, {
        hint: `See how far it is with: ${campaigns.place.command("show", jobId)}`,
      });
    }
    const directory = resolve(host.cwd, options.exports);
    const files = await write(campaigns, { jobId, directory, presets: options.preset, signal });
    for (const { path } of files) {
      const short = relative(host.cwd, path);
      await terminal.write(`${short.startsWith("..") ? path : short}\n`);
    }
    return exitCode.done;
  });
}

/** What the store of this machine writes is noted there, so that an erase finds it; a server knows of no file of ours. */
async function write(
  { service, place }: Campaigns,
  job: { jobId: string; directory: string; presets: readonly string[]; signal: AbortSignal },
): Promise<readonly { path: string }[]> {
  if (place.type === "api") return writeServedFiles(service, job);
  return (await exportJob({ engine: place.runtime.engine, ...job })).files;
}
