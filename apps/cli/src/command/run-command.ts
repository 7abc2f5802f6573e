import type { CampaignConfig } from "@cmo/engine";
import { checkPresets, formatProblems } from "@cmo/runtime";
import { outputModeOf } from "../renderer/open-renderer.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { chooseWay, type WayOptions } from "./choose-way.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, readCampaign } from "./read-campaign.ts";
import { resumeHere, runHere } from "./run-here.ts";
import type { ShowRunOptions } from "./show-run.ts";
import { readStartTime } from "./start-time.ts";

/** What `cmo run` was told. */
export interface RunOptions extends ShowRunOptions, WayOptions {
  config?: string;
  set: readonly string[];
  /** As `--set only_new=true`, over what is set otherwise. */
  onlyNew: boolean;
  dryRun: boolean;
  /** Only put it into the queue. */
  detach: boolean;
  priority: number;
  startAt?: string;
  /** For how long an API that is away is tried again, in milliseconds. */
  giveUpAfter: number;
}

/** A campaign that was read and found right. */
export interface RunnableCampaign {
  readonly config: CampaignConfig;
  /** The text that it was read from, */
  readonly text: string;
  /** and what was set over it. */
  readonly set: readonly string[];
  /** Where it was read from. */
  readonly file: string;
  /** Whether it is only resolved and estimated. */
  readonly dryRun: boolean;
  /** When it is to start, in milliseconds since the epoch; null for at once. */
  readonly startsAt: number | null;
  /** How it is shown. */
  readonly mode: OutputMode;
}

/**
 * Runs a campaign, shows it, and writes its files; puts it into the queue; or goes on with a job. What is wrong with the
 * config, the presets or the flags is told before anything is started. Gives the exit code.
 * @throws CmoError `api_unreachable` and `api_refused` when the API was the only way.
 */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<number> {
  if (options.resume !== undefined) return resume(options.resume, options, context);
  const campaign = await readRunnable(options, context);
  if (campaign === null) return exitCode.usage;
  const way = await chooseWay(options, context);
  if (way.where === "here") {
    tellHere(way.why, campaign.mode, context);
    return runHere(campaign, options, context);
  }
  const { runThroughApi } = await import("./run-through-api.ts");
  const { isSure } = way;
  const outcome = await runThroughApi(way.api, { campaign, options, context, isSure });
  if (outcome.isIn) return outcome.code;
  if (isSure) throw outcome.error;
  tellHere(`the API at ${way.api.place.name} refused: ${outcome.error.message}`, campaign.mode, context);
  return runHere(campaign, options, context);
}

async function resume(jobId: string, options: RunOptions, context: CommandContext): Promise<number> {
  checkPresets(options.preset);
  const way = await chooseWay(options, context);
  const mode = outputModeOf(options, context);
  if (way.where === "here") tellHere(way.why, mode, context);
  return resumeHere(jobId, mode, { options, context });
}

/** The campaign, or null when it was told what is wrong with it. */
async function readRunnable(options: RunOptions, context: CommandContext): Promise<RunnableCampaign | null> {
  const { terminal, host } = context;
  const set = options.onlyNew ? [...options.set, "only_new=true"] : options.set;
  const read = await readCampaign(context, { ...options, set });
  if (!read.ok) {
    terminal.writeError(problemReport(read));
    return null;
  }
  checkPresets(options.preset);
  const startsAt = options.startAt === undefined ? null : readStartTime(options.startAt, host.clock.now());
  if (read.warnings.length > 0) terminal.writeError(`${formatProblems(read.warnings, read.file)}\n`);
  const { config, text, file } = read;
  const dryRun = options.dryRun || config.features?.dry_run === true;
  return { config, text, set, file, dryRun, startsAt, mode: outputModeOf(options, context) };
}

/** Says in a line why a campaign is run in this process, where anything may be said. */
function tellHere(why: string | null, mode: OutputMode, { terminal }: CommandContext): void {
  if (why === null || mode === "silent") return;
  terminal.writeError(`Running here: ${why.replace(/\.$/, "")}.\n`);
}
