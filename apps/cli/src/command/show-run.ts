import { resolve } from "node:path";
import { type RunSummary, scheduleOf, toCmoError } from "@cmo/engine";
import {
  type CampaignResult,
  checkExportDirectory,
  createRedaction,
  type RunCampaignOptions,
} from "@cmo/runtime";
import type { StorePlace } from "../place/place.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { campaignsOf } from "../place/with-campaigns.ts";
import { learnGroundsFrom } from "../renderer/learn-grounds.ts";
import { openRenderer, reportWidth, type ShowOptions, writeReport } from "../renderer/open-renderer.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { renderers } from "../renderer/renderers.ts";
import { closingReport } from "../report/closing-report.ts";
import { errorReport } from "../report/error-report.ts";
import { findRunAfter, nextRunText } from "../view/next-run-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import type { JobHold } from "./job-hold.ts";

/** What a run is shown with. */
export interface ShowRunOptions extends ShowOptions, PlaceOptions {
  exports: string;
  preset: readonly string[];
  /** Whether everything is asked for, whatever was answered before. */
  fresh: boolean;
}

/** What {@link showRun} is told of the run. */
export interface ShownRun {
  mode: OutputMode;
  /** The command that runs the campaign from its beginning, or null. */
  again: string | null;
  /** When the job will start, in milliseconds since the epoch; null for at once. */
  startsAt: number | null;
  hold: JobHold;
  place: StorePlace;
  context: CommandContext;
  start(run: Omit<RunCampaignOptions, "spec" | "submit">): Promise<CampaignResult>;
}

/** Shows a job from its beginning to its end or its pause, whichever process works on it, and gives the exit code. */
export async function showRun(
  { mode, again, startsAt, hold, place, context, start }: ShownRun,
  options: ShowRunOptions,
): Promise<number> {
  const { host, terminal, interrupts } = context;
  const { engine, store } = place.runtime;
  const { durable } = store;
  const onInterrupt = () => {
    if (!durable) return "Stopping: what was found so far will be exported. Ctrl-C again quits at once.";
    const where = hold.mine() || startsAt !== null ? "Pausing" : "Pausing, in whichever process has the job";
    return `${where}: what was found so far is kept. Ctrl-C again quits at once.`;
  };
  const learnGrounds = learnGroundsFrom(campaignsOf(place).service);
  const showing = { emoji: options.emoji, onInterrupt, startsAt, learnGrounds };
  const renderer = await openRenderer(mode, showing, context);
  const tellOfOther = (waitMs: number | null) => renderer.notice(waitMs === null ? null : otherText(waitMs));
  const result = await start({
    sinks: [renderer.sink, hold.watch(engine, host.clock.now, tellOfOther)],
    signal: AbortSignal.any([interrupts.signal, terminal.closed]),
    directory: resolve(host.cwd, options.exports),
    presets: options.preset,
  }).finally(() => renderer.close());
  const { summary } = result;
  const jobId = summary.jobId ?? "";
  const goOn = durable ? `${place.command("run --resume", jobId)}${options.fresh ? " --fresh" : ""}` : null;
  // What failed before anything was found has nothing that a retry could save.
  const retry = durable && summary.counts.reposClaimed !== null;
  const nextRun = await nextRunOf(place, jobId);
  const report = closingReport(result, {
    emoji: options.emoji,
    width: reportWidth(context),
    cwd: host.cwd,
    again: retry || (durable && again === null) ? place.command("retry", jobId) : again,
    goOn,
    share: durable ? place.command("bundle", jobId) : null,
    nextRun,
    presets: options.preset,
  });
  if (terminal.closed.aborted && summary.status === "paused") {
    terminal.writeError(`Nobody reads the output any more: paused. To go on: ${goOn}\n`);
  }
  await writeReport(renderers[mode], { report, good: summary.ok === true }, context);
  if (hold.lost() && mode !== "silent") terminal.writeError(`${lostText}\n`);
  return codeOf(summary, context);
}

/** What is to be said of the run that comes after this one, if its campaign has a schedule. */
async function nextRunOf(place: StorePlace, jobId: string): Promise<string | null> {
  const campaigns = campaignsOf(place);
  const job = await place.runtime.engine.job(jobId);
  if (job?.status === "paused" && scheduleOf(job.spec) !== null) return heldText;
  const next = await findRunAfter(campaigns, jobId);
  if (next === null) return null;
  return place.runtime.store.durable
    ? nextRunText(next, campaigns)
    : "The schedule ends with this command: a job in memory goes no further.";
}

const heldText =
  "The schedule is held: the campaign does not run again by itself until this run has gone on and ended.";

/** Whether files can be written where they are to go; says so when not. A campaign of hours must know before. */
export async function canWriteTo(exports: string, { host, terminal }: CommandContext): Promise<boolean> {
  try {
    await checkExportDirectory(resolve(host.cwd, exports));
    return true;
  } catch (error) {
    const { redact } = createRedaction(host.env);
    terminal.writeError(errorReport(toCmoError(error), { redact, debug: false }));
    return false;
  }
}

function otherText(waitMs: number): string {
  return `Another process has this job, and it is shown here; if that one died, it goes on here in ${Math.ceil(waitMs / 1_000)} s`;
}

const lostText =
  "This process was silent for longer than its lease: another one went on with the job, and nothing of this one was written since.";

function codeOf(summary: RunSummary, { interrupts, terminal }: CommandContext): number {
  if (summary.ok === true) return exitCode.done;
  if (terminal.closed.aborted) return exitCode.failed;
  // Paused, here or from elsewhere: it has neither failed nor been done.
  return interrupts.signal.aborted || summary.ok === null ? exitCode.interrupted : exitCode.failed;
}
