import { access } from "node:fs/promises";
import { renderSummary } from "@cmo/engine";
import { findJob } from "../place/find-job.ts";
import type { Place } from "../place/place.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { reportWidth } from "../renderer/open-renderer.ts";
import { jobDetailText, type NotedFile } from "../view/job-detail-text.ts";
import { isBundleName } from "./bundle-name.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { showBundle } from "./show-bundle.ts";
import { madeWithout, showConfig } from "./show-config.ts";

/** What `cmo show JOB` was told. */
export interface ShowJobOptions extends PlaceOptions {
  emoji: boolean;
  /** Only the config that the job was made from. */
  config: boolean;
  output: "text" | "json";
}

/** Shows what a job has come to and how it stands, at any time; or what the run in a bundle came to. */
export async function showCommand(
  jobId: string,
  options: ShowJobOptions,
  context: CommandContext,
): Promise<number> {
  if (isBundleName(jobId)) return showBundle(jobId, options, context);
  const { terminal, host } = context;
  return withCampaigns(options, context, async (campaigns) => {
    const { place, service } = campaigns;
    const job = await findJob(campaigns, jobId);
    if (options.config) {
      return showConfig({ ...(await service.config(jobId)), why: madeWithout }, options, context);
    }
    const summary = await service.summary(jobId);
    const files = await notedFiles(place, jobId);
    if (options.output === "json") {
      const { progress, ...facts } = job;
      const where = files === null ? { api: place.name } : { store: place.name, files };
      await terminal.write(`${JSON.stringify({ job: { ...facts, ...where }, progress, summary })}\n`);
      return exitCode.done;
    }
    const width = reportWidth(context);
    const detail = jobDetailText(job, { place, files }, host.clock.now());
    await terminal.write(`${detail}\n${renderSummary(summary, { emoji: options.emoji, width })}`);
    return exitCode.done;
  });
}

/** Files that were written from a job's store; null for an API, which tells of no paths. */
async function notedFiles(place: Place, jobId: string): Promise<readonly NotedFile[] | null> {
  if (place.type === "api") return null;
  const files = await place.runtime.store.readFiles(jobId);
  return Promise.all(files.map(async ({ path }) => ({ path, there: await isThere(path) })));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
