import { CmoError, type Problem } from "@cmo/engine";

/** What is wrong with a campaign, as the error that tells all of it. */
export function campaignProblems(problems: readonly Problem[]): CmoError {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return new CmoError("config_invalid", `The campaign has ${count}; nothing was started.`, { problems });
}
