import type { Validation } from "@cmo/contract";
import { cleanText, type Problem } from "@cmo/engine";
import { formatProblems } from "@cmo/runtime";
import type { Campaigns } from "../place/campaigns.ts";
import { choosePlace } from "../place/choose-place.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { campaignsOf, withCampaigns } from "../place/with-campaigns.ts";
import { withStore } from "../place/with-store.ts";
import { baselineText } from "../report/baseline-text.ts";
import { zoneTimeText } from "../view/zone-time-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, type ReadCampaign, readCampaign } from "./read-campaign.ts";

/** What `cmo validate` was told. */
export interface ValidateOptions extends PlaceOptions {
  config?: string;
  set: readonly string[];
  output: "text" | "json";
}

/**
 * Says whether a config is right, and what it comes to, to whoever would run it; or everything that is wrong. Starts and
 * asks nothing.
 */
export async function validateCommand(options: ValidateOptions, context: CommandContext): Promise<number> {
  const campaign = await readCampaign(context, options);
  if (!campaign.ok) return tellProblems(campaign, options, context);
  const needsStore = campaign.config.only_new === true;
  return withValidator(needsStore, options, context, async ({ service }) => {
    // Whom it leaves out was checked here, and is not sent around for nothing.
    const config = { ...campaign.config, suppress: [] };
    const { problems, campaign: resolved } = await service.validate({ config });
    if (resolved === null)
      return tellProblems({ ...campaign, ok: false, problems, near: [] }, options, context);
    const { goal, targetLeads, pushedSince, source, onlyNew, schedule } = resolved;
    const { terminal } = context;
    if (options.output === "json") {
      const warnings = campaign.warnings.map(problemFacts);
      await terminal.write(
        `${JSON.stringify({ valid: true, file: campaign.file, goal, ...(onlyNew === undefined ? {} : { onlyNew }), warnings, problems: [] })}\n`,
      );
      return exitCode.done;
    }
    if (campaign.warnings.length > 0)
      terminal.writeError(`${formatProblems(campaign.warnings, campaign.file)}\n`);
    await terminal.write(
      [
        `${campaign.file} is valid.`,
        `  goal    ${goal}`,
        `  wants   ${targetLeads} contactable leads, active since ${pushedSince}`,
        `  source  ${source}`,
        ...(onlyNew === undefined ? [] : [`  new     ${baselineText(onlyNew.baseline)}`]),
        ...(schedule === null ? [] : [`  again   ${againText(schedule)}`]),
        "",
      ].join("\n"),
    );
    return exitCode.done;
  });
}

function againText({
  cron,
  timeZone,
  next,
}: NonNullable<NonNullable<Validation["campaign"]>["schedule"]>): string {
  const times = next.map((time) => zoneTimeText(Date.parse(time), timeZone));
  return `${cleanText(cron)}, in ${timeZone}: ${times.join(", ")}, ...`;
}

/** Where nobody asks an API, it is said without any store, unless it depends on earlier runs. */
function withValidator(
  needsStore: boolean,
  options: PlaceOptions,
  context: CommandContext,
  work: (campaigns: Campaigns) => Promise<number>,
): Promise<number> {
  return needsStore || choosePlace(options, context.host.env).type === "api"
    ? withCampaigns(options, context, work)
    : withStore({ store: "memory" }, context, (place) => work(campaignsOf(place)));
}

async function tellProblems(
  campaign: Extract<ReadCampaign, { ok: false }>,
  { output }: ValidateOptions,
  { terminal }: CommandContext,
): Promise<number> {
  if (output === "json") {
    const problems = campaign.problems.map(problemFacts);
    await terminal.write(
      `${JSON.stringify({ valid: false, file: campaign.file, warnings: [], problems })}\n`,
    );
  } else {
    terminal.writeError(problemReport(campaign));
  }
  return exitCode.usage;
}

function problemFacts({ path, message, suggestion, line, column }: Problem) {
  return {
    path: path.join("."),
    message,
    suggestion: suggestion ?? null,
    line: line ?? null,
    column: column ?? null,
  };
}
