import type { JobView } from "@cmo/contract";
import type { Campaigns } from "../place/campaigns.ts";
import { findJob } from "../place/find-job.ts";
import type { Place } from "../place/place.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { findNextRun, nextRunText } from "../view/next-run-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What can be asked of a job. */
export type ControlVerb = "pause" | "resume" | "cancel" | "retry";

/**
 * Asks something of a job, whichever process has it; says what will happen. `retry` prints the new job's id, and
 * nothing else, to stdout. @throws CmoError `not_found`, `conflict`.
 */
export async function controlCommand(
  verb: ControlVerb,
  jobId: string,
  options: PlaceOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withCampaigns(options, context, async (campaigns) => {
    const { schedule } = await findJob(campaigns, jobId);
    const job = await campaigns.service[verb](jobId);
    if (verb === "retry") await terminal.write(`${job.id}\n`);
    const ofSchedule = schedule === null ? "" : await scheduleText(verb, job, campaigns);
    terminal.writeError(`${said(verb, job, campaigns.place)}\n${ofSchedule}`);
    return exitCode.done;
  });
}

/** What a command means for the schedule that the job is a run of. */
async function scheduleText(verb: ControlVerb, job: JobView, campaigns: Campaigns): Promise<string> {
  const { place } = campaigns;
  const hasBegun = job.startedAt !== null;
  switch (verb) {
    case "pause":
      return hasBegun
        ? ""
        : "The schedule is held: the campaign does not run again until the job is resumed.\n";
    case "resume":
      return hasBegun || job.notBefore === null ? "" : `It starts at ${job.notBefore}, by its schedule.\n`;
    case "retry":
      return "It runs once; the schedule goes on beside it.\n";
    case "cancel": {
      if (!hasBegun) return "The schedule has ended with it: the campaign does not run again by itself.\n";
      const next = await findNextRun(campaigns, job);
      if (next !== null) return `Only this run: the schedule goes on.\n${nextRunText(next, campaigns)}\n`;
      if (job.status === "cancelled" || job.schedule === null) return "";
      const stop = place.command("cancel", job.schedule.nextJobId);
      return `Only this run: the schedule goes on when it has ended.\n  to end the schedule  ${stop}\n`;
    }
    default:
      return verb satisfies never;
  }
}

function said(verb: ControlVerb, job: JobView, place: Place): string {
  const isStore = place.type === "store";
  const goOn = place.command(isStore ? "run --resume" : "resume", job.id);
  const worker = isStore ? "a worker" : "a worker of the server";
  const here = isStore
    ? ` To ${verb === "retry" ? "work on it" : "go on"} here: ${goOn}`
    : ` To watch it: ${place.command("watch", job.id)}`;
  switch (verb) {
    case "pause":
      return job.status === "paused"
        ? `Paused. To go on: ${goOn}`
        : `Pausing: the process that has the job stops it within a second. To go on: ${goOn}`;
    case "resume":
      return job.status === "queued"
        ? `Queued: ${worker} goes on with it.${here}`
        : "It goes on: the pause had not begun.";
    case "cancel":
      return job.status === "cancelled"
        ? `Cancelled. What it found is written with: ${place.command("export", job.id)}`
        : "Cancelling: the process that has the job stops it within a second, and keeps what was found.";
    case "retry":
      return `Queued as a new job: ${worker} takes it.${here}`;
    default:
      return verb satisfies never;
  }
}
