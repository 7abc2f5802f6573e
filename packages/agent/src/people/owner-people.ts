import type { Belonging, PersonIdentity, RepositoryRecord, StoredValue } from "@cmo/engine";
import { isLoginOf } from "./person-match.ts";
import { type JsonObject, objectOf, objectsIn, textOf } from "./stored-json.ts";

/** The name of a repository whose owner was erased. */
const erasedRepositoryName = "erased/erased";

/** The repositories of a page of search results that are under a login of the person. */
export function repositoriesOf(value: unknown, person: PersonIdentity): readonly Belonging[] {
  return repositoriesIn(value)
    .filter((repository) => isTheirs(repository, person))
    .map(({ id, name }) => ({ id: textOf(id), shownName: shownNameOf(textOf(name)) }));
}

/** What a page of search results says of a person: the repositories that they own. */
export function aboutOwner(value: unknown, person: PersonIdentity): unknown {
  const repositories = repositoriesIn(value).filter((repository) => isTheirs(repository, person));
  return repositories.length === 0 ? null : { repositories };
}

/**
 * A repository as anybody's. What stays is named one by one: what a repository may tell in a later version does not stay
 * by itself. Its day is enough for every filter; the second would name it.
 */
export function anonymousRepository(repository: RepositoryRecord, id: string): RepositoryRecord {
  const { stars, forks, isArchived, isFork, isMirror, isTemplate, isEmpty, language } = repository;
  return {
    id,
    name: erasedRepositoryName,
    url: "",
    description: null,
    stars,
    forks,
    isArchived,
    isFork,
    isMirror,
    isTemplate,
    isEmpty,
    pushedAt: repository.pushedAt === null ? null : startOfDay(repository.pushedAt),
    createdAt: startOfDay(repository.createdAt),
    language,
    topics: [],
    owner: { type: "user", login: "erased", name: null, websiteUrl: null },
  };
}

/** The page with the person's repositories as anybody's: what filters and scores them stays, what names them goes. */
export function withoutOwner(
  result: StoredValue,
  person: PersonIdentity,
  pseudonymOf: (id: string) => string,
): StoredValue {
  const page = objectOf(result.value);
  const repositories = repositoriesIn(page);
  if (page === null || !repositories.some((one) => isTheirs(one, person))) return result;
  const nameless = repositories.map((one) =>
    isTheirs(one, person) ? anonymousRepository(recordOf(one), pseudonymOf(textOf(one.id))) : one,
  );
  return { ...result, value: { ...page, repositories: nameless } };
}

function isTheirs(repository: JsonObject, person: PersonIdentity): boolean {
  const owner = objectOf(repository.owner);
  return owner !== null && isLoginOf(person, textOf(owner.login));
}

function repositoriesIn(value: unknown): readonly JsonObject[] {
  return objectsIn(objectOf(value)?.repositories);
}

function shownNameOf(name: string): string | null {
  const shown = name.slice(name.indexOf("/") + 1);
  return shown === "" ? null : shown;
}

/** The fields that stay; a page that was stored by another version may lack some. */
function recordOf(stored: JsonObject): RepositoryRecord {
  const flag = (key: string) => stored[key] === true;
  const count = (key: string) => (typeof stored[key] === "number" ? stored[key] : 0);
  return {
    id: "",
    name: "",
    url: "",
    description: null,
    stars: count("stars"),
    forks: count("forks"),
    isArchived: flag("isArchived"),
    isFork: flag("isFork"),
    isMirror: flag("isMirror"),
    isTemplate: flag("isTemplate"),
    isEmpty: flag("isEmpty"),
    pushedAt: typeof stored.pushedAt === "string" ? stored.pushedAt : null,
    createdAt: textOf(stored.createdAt),
    language: typeof stored.language === "string" ? stored.language : null,
    topics: [],
    owner: { type: "user", login: "", name: null, websiteUrl: null },
  };
}

function startOfDay(instant: string): string {
  return `${instant.slice(0, 10)}T00:00:00.000Z`;
}
