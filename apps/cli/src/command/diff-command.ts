import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { diffReport } from "../report/diff-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo diff` was told. */
export interface DiffOptions extends PlaceOptions {
  limit: number;
  output: "text" | "json";
}

/**
 * Shows what differs between two jobs that have ended; of nobody whom `cmo leads` would not show. Ends with 0 when leads
 * and summaries are the same, else with 1. @throws CmoError `not_found`; `conflict` for a job that has not ended.
 */
export async function diffCommand(
  [jobId, otherId]: readonly [string, string],
  { limit, output, ...options }: DiffOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withCampaigns(options, context, async (campaigns) => {
    for (const id of [jobId, otherId]) await findJob(campaigns, id);
    const diff = await campaigns.service.diff(jobId, otherId, { limit });
    await terminal.write(
      output === "json"
        ? `${JSON.stringify(diff)}\n`
        : diffReport(diff, terminal.isTty() ? terminal.columns() : 0),
    );
    return diff.same ? exitCode.done : exitCode.different;
  });
}
