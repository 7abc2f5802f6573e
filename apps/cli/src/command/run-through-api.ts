import { randomUUID } from "node:crypto";
import type { CampaignEstimate, Submission } from "@cmo/contract";
import { type CampaignConfig, CmoError, jsonLinesSink } from "@cmo/engine";
import type { ApiCampaigns } from "../place/open-api.ts";
import type { Place } from "../place/place.ts";
import { untilInterrupted } from "../place/until-interrupted.ts";
import { dryRunReport } from "../report/dry-run-report.ts";
import { countText } from "../view/count-text.ts";
import { attendThroughApi } from "./attend-through-api.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import type { RunnableCampaign, RunOptions } from "./run-command.ts";
import { canWriteTo } from "./show-run.ts";

/** A campaign that is to be run through an API. */
export interface ApiRun {
  readonly campaign: RunnableCampaign;
  readonly options: RunOptions;
  readonly context: CommandContext;
  /** Whether nothing else would do; otherwise the API has answered already. */
  readonly isSure: boolean;
}

/** How it went; `isIn` is false when the API let nobody in, and nothing was started. */
export type ApiOutcome =
  | { readonly isIn: true; readonly code: number }
  | { readonly isIn: false; readonly error: CmoError };

/**
 * Submits a campaign, shows it from its log, and writes its files as they are served; or only submits or estimates it.
 * What the API is sent was read here: its config with the values set over it, and the entries of its suppression file.
 * @throws CmoError `api_unreachable` when the API is away for too long: the job may be going on.
 */
export async function runThroughApi(api: ApiCampaigns, run: ApiRun): Promise<ApiOutcome> {
  const { campaign, options, context } = run;
  const { dryRun } = campaign;
  // Machines get the events of a dry run, which only a job has.
  if (dryRun && campaign.mode !== "json") {
    const estimate = await entering(api, run, () => api.service.estimate({ config: configOf(campaign) }));
    return estimate.isIn ? { isIn: true, code: await tellEstimate(estimate.answer, api, run) } : estimate;
  }
  const isLeft = options.detach && !dryRun;
  if (!isLeft && !dryRun && !(await canWriteTo(options.exports, context))) {
    return { isIn: true, code: exitCode.usage };
  }
  const submission = await entering(api, run, () => submit(api, run));
  if (!submission.isIn) return submission;
  tellWay(api, run);
  const attend = isLeft ? leave : attendThroughApi;
  return { isIn: true, code: await attend(api, submission.answer, run) };
}

type Entered<T> =
  | { readonly isIn: true; readonly answer: T }
  | { readonly isIn: false; readonly error: CmoError };

async function entering<T>(
  { place }: ApiCampaigns,
  { campaign: { config } }: ApiRun,
  ask: () => Promise<T>,
): Promise<Entered<T>> {
  try {
    return { isIn: true, answer: await ask() };
  } catch (error) {
    if (!(error instanceof CmoError)) throw error;
    if (error.code === "api_refused") return { isIn: false, error };
    const listed = Array.isArray(config.suppress) ? config.suppress.length : 0;
    throw error.code === "usage" && listed >= longList ? tooMany(error, listed, place) : error;
  }
}

/** What else would make a request too large for a server is refused by the bounds of configs already. */
const longList = 1_000;

function tooMany({ code, message }: CmoError, listed: number, place: Place): CmoError {
  return new CmoError(code, `${message} ${countText(listed)} entries of suppress are in it.`, {
    hint: `Put them on the server's own list: ${place.command("suppress import FILE")}; or run the campaign here: --mode inproc`,
  });
}

/** Whether it is a dry run belongs to the job. */
function configOf({ config, dryRun }: RunnableCampaign): CampaignConfig {
  return dryRun ? { ...config, features: { ...config.features, dry_run: true } } : config;
}

/** However often the request has to be made, it is one job. */
async function submit(
  { service, place }: ApiCampaigns,
  { campaign, options, context, isSure }: ApiRun,
): Promise<Submission> {
  const { startsAt } = campaign;
  const listed = `If it was submitted, it is listed by: ${place.command("jobs")}`;
  const request = {
    config: configOf(campaign),
    ...(options.priority === 0 ? {} : { priority: options.priority }),
    ...(startsAt === null ? {} : { notBefore: new Date(startsAt).toISOString() }),
  };
  try {
    const submitting = service.submit(request, { idempotencyKey: randomUUID() });
    return await untilInterrupted(submitting, context.interrupts.signal, { hint: listed });
  } catch (error) {
    // It was there a moment ago: it may have taken the job, and must not get a twin here.
    if (isSure || !(error instanceof CmoError) || error.code !== "api_unreachable") throw error;
    const message = `${error.message} Whether the campaign was submitted is not known.`;
    throw new CmoError("api_unreachable", message, { hint: listed, cause: error });
  }
}

async function tellEstimate(
  { spec, estimate }: CampaignEstimate,
  api: ApiCampaigns,
  run: ApiRun,
): Promise<number> {
  tellWay(api, run);
  if (run.campaign.mode !== "silent") await run.context.terminal.write(dryRunReport(spec, estimate));
  return exitCode.done;
}

function tellWay({ place }: ApiCampaigns, { campaign, context, isSure }: ApiRun): void {
  if (campaign.mode === "silent") return;
  const why = isSure ? "" : ", which answers";
  context.terminal.writeError(`Running through the API at ${place.name}${why}.\n`);
}

/** Says of a job what was put into the queue, and what can be done with it; as for a store of this machine. */
async function leave({ client, place }: ApiCampaigns, submission: Submission, run: ApiRun): Promise<number> {
  const { mode } = run.campaign;
  const { terminal } = run.context;
  const { jobId, notBefore } = submission;
  if (mode === "json") {
    const toLine = jsonLinesSink((text) => terminal.write(text));
    for await (const event of client.watch(jobId, { giveUpAfterMs: run.options.giveUpAfter })) {
      await toLine(event);
      break;
    }
  } else if (mode !== "silent") {
    await terminal.write(`${jobId}\n`);
  }
  if (mode === "silent") return exitCode.done;
  terminal.writeError(
    [
      `Queued: a worker of the server takes it${notBefore === null ? "" : `, not before ${notBefore}`}.`,
      `  to watch it         ${place.command("watch", jobId)}`,
      `  its files, later    ${place.command("export", jobId)}`,
      ...(run.campaign.config.schedule == null
        ? []
        : [`  when it runs again  ${place.command("schedules")}`]),
      "",
    ].join("\n"),
  );
  return exitCode.done;
}
