import { resolve } from "node:path";
import { type RunSummary, toCmoError } from "@cmo/engine";
import {
  type CampaignResult,
  checkExportDirectory,
  checkPresets,
  createCampaignSpec,
  formatProblems,
  resumeCampaign,
  runCampaign,
  type StoredRuntime,
} from "@cmo/runtime";
import { openRenderer, outputModeOf, type ShowOptions, writeReport } from "../renderer/open-renderer.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { renderers } from "../renderer/renderers.ts";
import { closingReport } from "../report/closing-report.ts";
import { dryRunReport } from "../report/dry-run-report.ts";
import { errorReport } from "../report/error-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, type ReadCampaign, readCampaign } from "./read-campaign.ts";
import { findJob, jobCommand, type StoreOptions, withKeptStore, withStore } from "./with-store.ts";

/** What `cmo run` was told. */
export interface RunOptions extends ShowOptions, StoreOptions {
  config?: string;
  set: readonly string[];
  dryRun: boolean;
  exports: string;
  preset: readonly string[];
  /** Go on with this job in place of a new one. */
  resume?: string;
}

/**
 * Runs a campaign in this process, shows it, and writes its files; or goes on with a job. What is wrong with the config,
 * the presets or the folder is told before anything is started. Gives the exit code.
 */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<number> {
  const { terminal } = context;
  if (options.resume !== undefined) return resumeJob(options.resume, options, context);
  const campaign = await readCampaign(context, options);
  if (!campaign.ok) {
    terminal.writeError(problemReport(campaign));
    return exitCode.usage;
  }
  checkPresets(options.preset);
  if (campaign.warnings.length > 0) {
    terminal.writeError(`${formatProblems(campaign.warnings, campaign.file)}\n`);
  }
  const dryRun = options.dryRun || campaign.config.features?.dry_run === true;
  // A dry run writes nothing, no store either.
  const place = dryRun ? { store: "memory" } : options;
  return withStore(place, context, (runtime) => runNew(campaign, { ...options, dryRun }, runtime, context));
}

async function runNew(
  campaign: Extract<ReadCampaign, { ok: true }>,
  options: RunOptions,
  runtime: StoredRuntime,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const spec = await createCampaignSpec(runtime, { config: campaign.config, dryRun: options.dryRun });
  const mode = outputModeOf(options, context);
  if (spec.dryRun && mode !== "json") {
    if (mode !== "silent") await terminal.write(dryRunReport(spec, runtime.engine.estimate(spec)));
    return exitCode.done;
  }
  if (!spec.dryRun && !(await canWriteTo(options, context, runtime))) return exitCode.usage;
  return showRun({ mode, again: `cmo run --config ${campaign.file}` }, options, { runtime, context }, (run) =>
    runCampaign(runtime, { ...run, spec }),
  );
}

async function resumeJob(jobId: string, options: RunOptions, context: CommandContext): Promise<number> {
  checkPresets(options.preset);
  return withKeptStore(options, context, async (runtime) => {
    await findJob(runtime, jobId);
    if (!(await canWriteTo(options, context, runtime))) return exitCode.usage;
    const mode = outputModeOf(options, context);
    return showRun({ mode, again: null }, options, { runtime, context }, (run) =>
      resumeCampaign(runtime, { ...run, jobId }),
    );
  });
}

type Run = Omit<Parameters<typeof resumeCampaign>[1], "jobId">;

async function showRun(
  { mode, again }: { mode: OutputMode; again: string | null },
  options: RunOptions,
  { runtime, context }: { runtime: StoredRuntime; context: CommandContext },
  start: (run: Run) => Promise<CampaignResult>,
): Promise<number> {
  const { host, terminal, interrupts } = context;
  const { durable } = runtime.store;
  const notice = durable
    ? "Pausing: what was found so far is kept. Ctrl-C again quits at once."
    : "Stopping: what was found so far will be exported. Ctrl-C again quits at once.";
  const renderer = await openRenderer(mode, { emoji: options.emoji, notice }, context);
  const result = await start({
    sinks: [renderer.sink],
    signal: AbortSignal.any([interrupts.signal, terminal.closed]),
    directory: resolve(host.cwd, options.exports),
    presets: options.preset,
    // Said before the first event: a terminal has no rows yet that this could tear.
    onHeld: (waitMs) => terminal.writeError(`${heldText(waitMs)}\n`),
  }).finally(() => renderer.close());
  const { summary } = result;
  const report = closingReport(result, {
    emoji: options.emoji,
    width: terminal.isTty() && terminal.columns() > 0 ? terminal.columns() : 100,
    cwd: host.cwd,
    again: durable && summary.jobId !== null ? jobCommand("retry", summary.jobId, options) : again,
    goOn: durable && summary.jobId !== null ? jobCommand("run --resume", summary.jobId, options) : null,
    presets: options.preset,
  });
  if (terminal.closed.aborted && summary.status === "paused") {
    const goOn = jobCommand("run --resume", summary.jobId ?? "", options);
    terminal.writeError(`Nobody reads the output any more: paused. To go on: ${goOn}\n`);
  }
  await writeReport(renderers[mode], { report, good: summary.ok === true }, context);
  return codeOf(summary, context);
}

async function canWriteTo(
  { exports }: RunOptions,
  { host, terminal }: CommandContext,
  runtime: StoredRuntime,
): Promise<boolean> {
  try {
    await checkExportDirectory(resolve(host.cwd, exports));
    return true;
  } catch (error) {
    terminal.writeError(errorReport(toCmoError(error), { redact: runtime.redact, debug: false }));
    return false;
  }
}

function heldText(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1_000);
  return `Another process has this job. While it lives, this shows what it does; if it died, the job goes on here in ${seconds} s at most.`;
}

function codeOf(summary: RunSummary, { interrupts, terminal }: CommandContext): number {
  if (summary.ok === true) return exitCode.done;
  if (terminal.closed.aborted) return exitCode.failed;
  // Paused, here or from elsewhere: it has neither failed nor been done.
  return interrupts.signal.aborted || summary.ok === null ? exitCode.interrupted : exitCode.failed;
}
