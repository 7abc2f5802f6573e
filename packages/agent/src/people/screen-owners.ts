import type { AgentContext, RepositoryPage, TaskAnswer } from "@cmo/engine";
import { anonymousRepository } from "./owner-people.ts";

/**
 * Takes the names of people who are suppressed by login off the repositories that they own, before anything of these
 * is stored. The repositories keep their places, so that the others are counted as they would be; nobody is asked for
 * what was done in them.
 */
export async function screenOwners(
  context: Pick<AgentContext, "suppressed" | "pseudonym">,
  answers: readonly TaskAnswer<RepositoryPage>[],
): Promise<readonly TaskAnswer<RepositoryPage>[]> {
  const owners = new Set(
    answers.flatMap(({ value }) =>
      value.repositories.flatMap(({ owner }) => (owner.type === "user" ? owner.login.toLowerCase() : [])),
    ),
  );
  const logins = [...owners];
  const flags = await context.suppressed(logins.map((value) => ({ kind: "login", value })));
  const unwanted = new Set(logins.filter((_login, index) => flags[index] === true));
  if (unwanted.size === 0) return answers;
  return Promise.all(
    answers.map(async ({ id, value }) => {
      const repositories = await Promise.all(
        value.repositories.map(async (one) =>
          unwanted.has(one.owner.login.toLowerCase())
            ? anonymousRepository(one, await context.pseudonym(one.id))
            : one,
        ),
      );
      return { id, value: { ...value, repositories } };
    }),
  );
}
