import type { JobSpec } from "@cmo/engine";
import {
  checkPresets,
  createCampaignSpec,
  formatProblems,
  resumeCampaign,
  runCampaign,
  type StoredRuntime,
} from "@cmo/runtime";
import { outputModeOf } from "../renderer/open-renderer.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { dryRunReport } from "../report/dry-run-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { detachJob } from "./detach-job.ts";
import { createJobHold } from "./job-hold.ts";
import { problemReport, readCampaign } from "./read-campaign.ts";
import { canWriteTo, type ShownRun, type ShowRunOptions, showRun } from "./show-run.ts";
import { readStartTime } from "./start-time.ts";
import { findJob, withKeptStore, withStore } from "./with-store.ts";

/** What `cmo run` was told. */
export interface RunOptions extends ShowRunOptions {
  config?: string;
  set: readonly string[];
  dryRun: boolean;
  /** Go on with this job in place of a new one. */
  resume?: string;
  /** Only put it into the queue. */
  detach: boolean;
  priority: number;
  startAt?: string;
}

/**
 * Runs a campaign in this process, shows it, and writes its files; puts it into the queue; or goes on with a job. What
 * is wrong with the config, the presets or the folder is told before anything is started. Gives the exit code.
 */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<number> {
  const { terminal, host } = context;
  if (options.resume !== undefined) return resumeJob(options.resume, options, context);
  const campaign = await readCampaign(context, options);
  if (!campaign.ok) {
    terminal.writeError(problemReport(campaign));
    return exitCode.usage;
  }
  checkPresets(options.preset);
  const startsAt = options.startAt === undefined ? null : readStartTime(options.startAt, host.clock.now());
  if (campaign.warnings.length > 0) {
    terminal.writeError(`${formatProblems(campaign.warnings, campaign.file)}\n`);
  }
  const dryRun = options.dryRun || campaign.config.features?.dry_run === true;
  // A dry run writes nothing, no store either.
  const place = dryRun ? { store: "memory" } : { ...options };
  const submit = { priority: options.priority, ...(startsAt === null ? {} : { notBefore: startsAt }) };
  const hold = createJobHold();
  return withStore({ ...place, observer: hold.observer }, context, async (runtime) => {
    const spec = await createCampaignSpec(runtime, { config: campaign.config, dryRun });
    const mode = outputModeOf(options, context);
    if (dryRun && mode !== "json") return tellDryRun(spec, mode, runtime, context);
    if (options.detach && !dryRun) return detachJob({ spec, submit, mode }, options, runtime, context);
    if (!dryRun && !(await canWriteTo(options.exports, context, runtime))) return exitCode.usage;
    const run: ShownRun = {
      mode,
      again: `cmo run --config ${campaign.file}`,
      startsAt,
      hold,
      runtime,
      context,
      start: (shown) => runCampaign(runtime, { ...shown, spec, submit }),
    };
    return showRun(run, options);
  });
}

async function tellDryRun(
  spec: JobSpec,
  mode: OutputMode,
  { engine }: StoredRuntime,
  { terminal }: CommandContext,
): Promise<number> {
  if (mode !== "silent") await terminal.write(dryRunReport(spec, engine.estimate(spec)));
  return exitCode.done;
}

async function resumeJob(jobId: string, options: RunOptions, context: CommandContext): Promise<number> {
  checkPresets(options.preset);
  const hold = createJobHold();
  return withKeptStore({ ...options, observer: hold.observer }, context, async (runtime) => {
    const { status, notBefore } = await findJob(runtime, jobId);
    if (!(await canWriteTo(options.exports, context, runtime))) return exitCode.usage;
    const mode = outputModeOf(options, context);
    const startsAt = status === "queued" && notBefore > context.host.clock.now() ? notBefore : null;
    const run: ShownRun = {
      mode,
      again: null,
      startsAt,
      hold,
      runtime,
      context,
      start: (shown) => resumeCampaign(runtime, { ...shown, jobId }),
    };
    return showRun(run, options);
  });
}
