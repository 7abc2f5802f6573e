import type { AgentContext, Contributor, MissingReason, RepositoryActivity, TaskAnswer } from "@cmo/engine";
import { isPseudonym, suppressedAmong } from "../suppression/suppressed-people.ts";
import { machineAccountReason } from "./machine-account.ts";

/** What is stored of a look at a repository. */
export interface ActivityAnswer {
  readonly activity: RepositoryActivity | null;
  readonly missing: MissingReason | null;
}

/**
 * Puts pseudonyms in the place of contributors who are suppressed by id or login, before anything of them is stored.
 * They keep their place, so that the others are chosen and counted as they would be.
 */
export async function screenActivity(
  context: Pick<AgentContext, "suppressed" | "pseudonym">,
  answers: readonly TaskAnswer<ActivityAnswer>[],
): Promise<readonly TaskAnswer<ActivityAnswer>[]> {
  const everybody = answers.flatMap(({ value }) => value.activity?.contributors ?? []);
  const unwanted = await suppressedAmong(context, everybody);
  if (unwanted.size === 0) return answers;
  return Promise.all(
    answers.map(async (answer) => {
      const { activity } = answer.value;
      if (activity === null || !activity.contributors.some((one) => unwanted.has(one))) return answer;
      const contributors = await Promise.all(
        activity.contributors.map((one) => (unwanted.has(one) ? standInOf(context, one) : one)),
      );
      // What the source wanted to remember of it may tell of them, and is left out.
      return { id: answer.id, value: { ...answer.value, activity: { ...activity, contributors } } };
    }),
  );
}

/** Somebody without a name. A machine stays one: it takes no place among the people of a repository. */
async function standInOf(
  context: Pick<AgentContext, "pseudonym">,
  contributor: Contributor,
): Promise<Contributor> {
  const { id, login, commits, lastCommitAt } = contributor;
  if (isPseudonym(id)) return contributor;
  const reason = machineAccountReason(login);
  const name = reason === null ? "" : machineName[reason];
  return { id: await context.pseudonym(id), login: name, commits, lastCommitAt };
}

/** Logins of nobody in particular, for each reason. */
const machineName = { bot: "[bot]", placeholder_account: "ghost" } as const;
