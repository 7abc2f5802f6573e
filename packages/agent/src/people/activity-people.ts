import type { PersonIdentity, StoredValue } from "@cmo/engine";
import { isOf } from "./person-match.ts";
import { type JsonObject, objectOf, objectsIn, textOf } from "./stored-json.ts";

/** Everybody whom a repository's activity names. */
export function contributorsIn(value: unknown): readonly { id: string; login: string; email: null }[] {
  return contributorsOf(value)
    .map(accountOf)
    .filter(({ login }) => login !== "")
    .map((account) => ({ ...account, email: null }));
}

/** What the activity in a repository says of a person: whether it is theirs, and what they did in it. */
export function aboutActivity({ itemId, value }: StoredValue, person: PersonIdentity): unknown {
  const contributions = contributorsOf(value).filter((one) => isOf(person, accountOf(one)));
  const theirs = isTheirs(itemId, person);
  if (!theirs && contributions.length === 0) return null;
  return { repository: itemId, ...(theirs ? { owner: true } : {}), contributions };
}

/** The activity without the person: somebody was active, so many commits were theirs; who it was is not known. */
export function withoutContributor(
  result: StoredValue,
  person: PersonIdentity,
  pseudonymOf: (id: string) => string,
): StoredValue {
  const { itemId, value } = result;
  const theirs = isTheirs(itemId, person);
  const named = contributorsOf(value).some((one) => isOf(person, accountOf(one)));
  if (!theirs && !named) return result;
  return {
    ...result,
    itemId: theirs ? pseudonymOf(itemId) : itemId,
    value: named ? nameless(value, person, pseudonymOf) : value,
  };
}

function nameless(value: unknown, person: PersonIdentity, pseudonymOf: (id: string) => string): unknown {
  const answer = objectOf(value) ?? {};
  const activity = objectOf(answer.activity) ?? {};
  const contributors = contributorsOf(value).map((one) =>
    isOf(person, accountOf(one)) ? { ...one, id: pseudonymOf(textOf(one.id)), login: "" } : one,
  );
  return { ...answer, activity: { ...activity, contributors } };
}

function contributorsOf(value: unknown): readonly JsonObject[] {
  return objectsIn(objectOf(objectOf(value)?.activity)?.contributors);
}

function accountOf(contributor: JsonObject): { id: string; login: string } {
  return { id: textOf(contributor.id), login: textOf(contributor.login) };
}

function isTheirs(itemId: string, { belongings }: PersonIdentity): boolean {
  return belongings.some(({ id }) => id === itemId);
}
