import { resolve } from "node:path";
import type { Submission } from "@cmo/contract";
import { CmoError, isTerminalEvent, type JobEvent } from "@cmo/engine";
import type { CampaignResult } from "@cmo/runtime";
import type { Outage } from "../place/campaigns.ts";
import type { ApiCampaigns } from "../place/open-api.ts";
import { patiently } from "../place/patiently.ts";
import { writeServedFiles } from "../place/write-served-files.ts";
import { learnGroundsFrom } from "../renderer/learn-grounds.ts";
import { openRenderer, reportWidth, writeReport } from "../renderer/open-renderer.ts";
import { outageNotice } from "../renderer/outage-notice.ts";
import type { OutputMode, Renderer } from "../renderer/renderer.ts";
import { renderers } from "../renderer/renderers.ts";
import { closingReport } from "../report/closing-report.ts";
import { findRunAfter, nextRunText } from "../view/next-run-text.ts";
import { exitCode } from "./command-context.ts";
import { detachedText } from "./detached-text.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import type { ApiRun } from "./run-through-api.ts";

/**
 * Shows a job of an API from its beginning to its end, writes its files, and gives the exit code. An interrupt leaves
 * the job to itself. @throws CmoError `api_unreachable` when the API is away for too long; `export_failed`.
 */
export async function attendThroughApi(
  api: ApiCampaigns,
  { jobId, notBefore }: Submission,
  run: ApiRun,
): Promise<number> {
  const { campaign, options, context } = run;
  const { mode } = campaign;
  const { terminal, interrupts } = context;
  const startsAt = notBefore === null ? null : Date.parse(notBefore);
  const showing = { emoji: options.emoji, startsAt, learnGrounds: learnGroundsFrom(api.service) };
  const renderer = await openRenderer(mode, showing, context);
  const signal = AbortSignal.any([interrupts.signal, terminal.closed]);
  const onOutage = outageNotice(api.place.name, { renderer, mode });
  let result: CampaignResult | null;
  try {
    const isOver = await show(api, jobId, { run, renderer, signal, onOutage });
    // Whoever interrupts after the end gets the files all the same.
    result = isOver ? await fetchResult(api, jobId, { run, signal, onOutage }) : null;
  } finally {
    await renderer.close();
  }
  if (result === null) {
    const detached = detachedText(api.place, jobId);
    terminal.writeError(terminal.closed.aborted ? `Nobody reads the output any more. ${detached}` : detached);
    return terminal.closed.aborted ? exitCode.failed : exitCode.interrupted;
  }
  await tellEnd(api, jobId, { run, result });
  return result.summary.ok === true ? exitCode.done : exitCode.failed;
}

interface Attending {
  readonly run: ApiRun;
  /** Aborts when nobody wants to see more. */
  readonly signal: AbortSignal;
  readonly onOutage: (outage: Outage | null) => void;
}

/** Shows the log; false when somebody left before its end. */
async function show(
  api: ApiCampaigns,
  jobId: string,
  { run, renderer, signal, onOutage }: Attending & { readonly renderer: Renderer },
): Promise<boolean> {
  try {
    const { giveUpAfter: giveUpAfterMs } = run.options;
    let isOver = false;
    for await (const event of api.follow(jobId, { signal, giveUpAfterMs, onOutage })) {
      await renderer.sink(event);
      tellPause(event, { api, renderer, mode: run.campaign.mode });
      isOver = isTerminalEvent(event);
    }
    return isOver;
  } catch (error) {
    throw outcomeUnknown(error, api.place, jobId);
  }
}

/** A pause comes from elsewhere; nothing moves then until somebody resumes the job. */
function tellPause(
  { type, jobId }: JobEvent,
  { api, renderer, mode }: { api: ApiCampaigns; renderer: Renderer; mode: OutputMode },
): void {
  // One line below the rows has no room for a command.
  const goOn = mode === "tty" ? "until it is resumed" : `to go on: ${api.place.command("resume", jobId)}`;
  if (type === "job.paused") renderer.notice(`Paused; ${goOn}`);
  if (type === "job.resumed") renderer.notice(null);
}

async function fetchResult(
  { service, place }: ApiCampaigns,
  jobId: string,
  { run, signal, onOutage }: Attending,
): Promise<CampaignResult> {
  const { host } = run.context;
  const { exports, preset: presets, giveUpAfter: giveUpAfterMs } = run.options;
  const directory = resolve(host.cwd, exports);
  const fetch = async () => {
    const summary = await service.summary(jobId);
    return { summary, files: await writeServedFiles(service, { jobId, directory, presets }) };
  };
  try {
    return await patiently(fetch, { clock: host.clock, signal, giveUpAfterMs, onOutage });
  } catch (error) {
    if (!(error instanceof CmoError) || error.code !== "api_unreachable") throw error;
    throw new CmoError(
      "api_unreachable",
      `Job ${jobId} has ended, and its files could not be had: ${error.message}`,
      {
        hint: `They are written with: ${place.command("export", jobId)}`,
        cause: error,
      },
    );
  }
}

async function tellEnd(
  api: ApiCampaigns,
  jobId: string,
  { run, result }: { run: ApiRun; result: CampaignResult },
): Promise<void> {
  const { campaign, options, context } = run;
  const { summary } = result;
  const { place } = api;
  // What failed before anything was found has nothing that a retry could save.
  const again =
    summary.counts.reposClaimed === null
      ? place.command(`run --config ${campaign.file}`)
      : place.command("retry", jobId);
  const next = await findRunAfter(api, jobId);
  const report = closingReport(result, {
    emoji: options.emoji,
    width: reportWidth(context),
    cwd: context.host.cwd,
    again,
    goOn: null,
    share: place.command("bundle", jobId),
    nextRun: next === null ? null : nextRunText(next, api),
    presets: options.preset,
  });
  await writeReport(renderers[campaign.mode], { report, good: summary.ok === true }, context);
}
