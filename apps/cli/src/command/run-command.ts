import { resolve } from "node:path";
import { type RunSummary, toCmoError } from "@cmo/engine";
import {
  checkExportDirectory,
  checkPresets,
  createCampaignSpec,
  createRuntime,
  formatProblems,
  type Runtime,
  runCampaign,
} from "@cmo/runtime";
import type { OutputMode, RendererEntry } from "../renderer/renderer.ts";
import { renderers } from "../renderer/renderers.ts";
import { closingReport } from "../report/closing-report.ts";
import { dryRunReport } from "../report/dry-run-report.ts";
import { errorReport } from "../report/error-report.ts";
import { chooseOutput, wantsColors } from "../terminal/choose-output.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, readCampaign } from "./read-campaign.ts";

/** What `cmo run` was told. */
export interface RunOptions {
  config?: string;
  set: readonly string[];
  dryRun: boolean;
  emoji: boolean;
  output: OutputMode | "auto";
  exports: string;
  preset: readonly string[];
}

/**
 * Runs a campaign in this process, shows it, and writes its files. What is wrong with the config, the presets or the
 * folder is told before anything is started. Gives the exit code.
 */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<number> {
  const { host, terminal } = context;
  const campaign = await readCampaign(context, options);
  if (!campaign.ok) {
    terminal.writeError(problemReport(campaign));
    return exitCode.usage;
  }
  checkPresets(options.preset);
  if (campaign.warnings.length > 0) {
    terminal.writeError(`${formatProblems(campaign.warnings, campaign.file)}\n`);
  }
  const runtime = createRuntime({ host, ...debugging(context) });
  try {
    const spec = await createCampaignSpec(runtime, { config: campaign.config, dryRun: options.dryRun });
    const { mode, note } = chooseOutput({
      requested: options.output,
      isTty: terminal.isTty(),
      columns: terminal.columns(),
      env: host.env,
    });
    if (note !== null)
      terminal.writeError(`--output ${options.output} is not possible here (${note}): ${mode}\n`);
    if (spec.dryRun && mode !== "json") {
      if (mode !== "silent") await terminal.write(dryRunReport(spec, runtime.engine.estimate(spec)));
      return exitCode.done;
    }
    const directory = resolve(host.cwd, options.exports);
    if (!spec.dryRun && !(await canWriteTo(directory, context, runtime))) return exitCode.usage;
    const signal = AbortSignal.any([context.interrupts.signal, terminal.closed]);
    const { sink, done } = await show(renderers[mode], options, context);
    const result = await runCampaign(runtime, {
      spec,
      sinks: [sink],
      signal,
      directory,
      presets: options.preset,
    }).finally(done);
    const report = closingReport(result, {
      emoji: options.emoji,
      width: terminal.isTty() && terminal.columns() > 0 ? terminal.columns() : 100,
      cwd: host.cwd,
      config: campaign.file,
      presets: options.preset,
    });
    // Whoever read the output has gone; the files tell what there was.
    if (terminal.closed.aborted) return exitCode.failed;
    if (renderers[mode].report === "stdout") await terminal.write(report);
    else if (renderers[mode].report === "stderr" || result.summary.ok !== true) terminal.writeError(report);
    return codeOf(result.summary, context);
  } finally {
    await runtime.close();
  }
}

async function canWriteTo(
  directory: string,
  { terminal }: CommandContext,
  runtime: Runtime,
): Promise<boolean> {
  try {
    await checkExportDirectory(directory);
    return true;
  } catch (error) {
    terminal.writeError(errorReport(toCmoError(error), { redact: runtime.redact, debug: false }));
    return false;
  }
}

async function show(
  entry: RendererEntry,
  options: RunOptions,
  { host, terminal, interrupts }: CommandContext,
) {
  const colors = wantsColors(host.env);
  const renderer = await entry.open({ terminal, clock: host.clock, emoji: options.emoji, colors });
  const tell = () =>
    renderer.notice("Stopping: what was found so far will be exported. Ctrl-C again quits at once.");
  interrupts.signal.addEventListener("abort", tell);
  return {
    sink: renderer.sink,
    async done() {
      interrupts.signal.removeEventListener("abort", tell);
      await renderer.close();
    },
  };
}

function codeOf(summary: RunSummary, { interrupts }: CommandContext): number {
  if (summary.ok === true) return exitCode.done;
  return interrupts.signal.aborted ? exitCode.interrupted : exitCode.failed;
}

function debugging({
  host,
  terminal,
}: CommandContext): Pick<Parameters<typeof createRuntime>[0], "onRequest"> {
  if (host.env.CMO_DEBUG !== "1") return {};
  return { onRequest: (entry) => terminal.writeError(`${JSON.stringify(entry)}\n`) };
}
