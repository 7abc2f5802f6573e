import type { Problem } from "@cmo/engine";
import { createCampaignSpec, createRuntime, formatProblems } from "@cmo/runtime";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, type ReadCampaign, readCampaign } from "./read-campaign.ts";

/** What `cmo validate` was told. */
export interface ValidateOptions {
  config?: string;
  set: readonly string[];
  output: "text" | "json";
}

/** Says whether a config is right, and what it comes to; or everything that is wrong. Starts and asks nothing. */
export async function validateCommand(options: ValidateOptions, context: CommandContext): Promise<number> {
  const campaign = await readCampaign(context, options);
  if (!campaign.ok) return tellProblems(campaign, options, context);
  const runtime = createRuntime({ host: context.host });
  try {
    const { goal, source, targetLeads, pushedSince } = await createCampaignSpec(runtime, campaign);
    const { terminal } = context;
    if (options.output === "json") {
      const warnings = campaign.warnings.map(problemFacts);
      await terminal.write(
        `${JSON.stringify({ valid: true, file: campaign.file, goal, warnings, problems: [] })}\n`,
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
        `  source  ${source.type}`,
        "",
      ].join("\n"),
    );
    return exitCode.done;
  } finally {
    await runtime.close();
  }
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
