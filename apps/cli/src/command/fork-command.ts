import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo fork` was told. */
export interface ForkOptions extends PlaceOptions {
  set: readonly string[];
  allowRequests: boolean;
}

/**
 * Puts a new job into the queue, of a job's campaign with other values and from its answers. Prints the new job's id, and
 * nothing else, to stdout. @throws CmoError as `CampaignService.fork`.
 */
export async function forkCommand(
  jobId: string,
  { set, allowRequests, ...options }: ForkOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withCampaigns(options, context, async (campaigns) => {
    await findJob(campaigns, jobId);
    const { id } = await campaigns.service.fork(jobId, { set: [...set], allowRequests });
    const { type, command } = campaigns.place;
    await terminal.write(`${id}\n`);
    terminal.writeError(
      type === "store"
        ? `Queued as a new job: a worker takes it. To work on it here: ${command("run --resume", id)}\n`
        : `Queued as a new job: a worker of the server takes it. To watch it: ${command("watch", id)}\n`,
    );
    return exitCode.done;
  });
}
