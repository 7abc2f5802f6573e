import {
  type CampaignConfig,
  overrideMark,
  type ParseCampaignOptions,
  type Problem,
  type Result,
} from "@cmo/engine";
import { parseCampaignValue } from "./parse-campaign-value.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

/**
 * Reads a campaign config from YAML text. As `parseCampaign`, with the line and column of every problem and warning:
 * of the key where it stands, or of the mapping where a key is missing. Problems come in the order of the text; those
 * of overrides have no line and come first.
 */
export function parseCampaignText(text: string, options: ParseCampaignOptions = {}): Result<CampaignConfig> {
  const document = readYaml(text);
  if (!document.ok) return document;
  const parsed = parseCampaignValue(document.value.value, options);
  return parsed.ok
    ? { ...parsed, warnings: placeProblems(parsed.warnings, document.value) }
    : { ok: false, problems: placeProblems(parsed.problems, document.value) };
}

/** The same problems with their places in the text they came from, in its order. */
export function placeProblems(problems: readonly Problem[], document: YamlDocument): Problem[] {
  return problems
    .map((problem) =>
      problem.path[0] === overrideMark || isRemainder(problem)
        ? problem
        : { ...problem, ...document.locate(problem.path) },
    )
    .sort((one, other) => rank(one) - rank(other) || (one.column ?? 0) - (other.column ?? 0));
}

// "and 9 more problems" stands nowhere.
function isRemainder(problem: Problem): boolean {
  return problem.path.length === 0 && problem.message.startsWith("and ");
}

function rank(problem: Problem): number {
  return problem.line ?? (isRemainder(problem) ? Number.MAX_SAFE_INTEGER : 0);
}
