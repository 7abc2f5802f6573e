import { hash32, seedOf, unit } from "../random/hash.ts";
import { createBoundedCache } from "./bounded-cache.ts";
import { type CommitHistory, createCommitHistory } from "./commit-history.ts";
import { type Organization, organizationAt, organizationIndexOf } from "./organization.ts";
import { createLoginIndex, loginAt, type Person, personAt } from "./person.ts";
import type { CollaborationInput } from "./pull-request.ts";
import { createRepositoryNameIndex, type Repository, repositoryAt } from "./repository.ts";
import { SPECIAL_ACCOUNTS } from "./special-account.ts";
import { TRAIT } from "./trait.ts";

/** How a world is made. */
export interface WorldOptions {
  /** The same seed, size and day give the same world. */
  seed?: number | string;
  /** 1 to 100,000 and more; nothing is built before it is asked for. */
  repositories?: number;
  /** ISO time of the world's today, which all its dates lie before. */
  asOf?: string;
}

/** An imaginary GitHub: every attribute is derived from the seed when it is asked for. */
export interface World {
  readonly seed: number;
  readonly asOfMs: number;
  readonly repositories: number;
  /** Number of people; special accounts are numbered from here on. */
  readonly people: number;
  /** People and special accounts. */
  readonly accounts: number;
  readonly organizations: number;
  repository(index: number): Repository;
  repositoryByName(owner: string, name: string): Repository | null;
  person(index: number): Person;
  personByLogin(login: string): Person | null;
  organization(index: number): Organization;
  organizationByLogin(login: string): Organization | null;
  /** People who commit to a repository, the most active first. */
  contributors(repository: number): readonly number[];
  history(repository: number): CommitHistory;
  collaboration(repository: number): CollaborationInput;
}

/** The day that a world lives in unless it is told another. */
export const DEFAULT_AS_OF = "2026-11-01T00:00:00.000Z";

/** @throws RangeError when the size or the day is not usable */
export function createWorld(options: WorldOptions = {}): World {
  const seed = seedOf(options.seed ?? 1);
  const repositories = options.repositories ?? 200;
  if (!Number.isSafeInteger(repositories) || repositories < 1 || repositories > 10_000_000) {
    throw new RangeError(`repositories must be a whole number from 1 to 10000000, not ${repositories}.`);
  }
  const asOfMs = Date.parse(options.asOf ?? DEFAULT_AS_OF);
  if (Number.isNaN(asOfMs)) throw new RangeError(`asOf must be an ISO time, not ${options.asOf}.`);

  const people = repositories * 6 + 60;
  const organizations = Math.max(8, Math.ceil(repositories / 3));
  const context = { seed, asOfMs };
  const repositoryCache = createBoundedCache<number, Repository>(2000);
  const personCache = createBoundedCache<number, Person>(2000);
  const historyCache = createBoundedCache<number, CommitHistory>(200);
  const contributorCache = createBoundedCache<number, readonly number[]>(1000);
  let indexOfLogin: ReturnType<typeof createLoginIndex> | undefined;
  let indexOfName: ReturnType<typeof createRepositoryNameIndex> | undefined;

  const organization = (index: number) => organizationAt(seed, index, asOfMs);
  const contributors = (index: number) =>
    contributorCache.get(index, () => contributorsOf(seed, index, people));
  const ownerOf = (index: number): Repository["owner"] => {
    if (unit(seed, index, TRAIT.owner) < 0.6) {
      const owner = hash32(seed, index, TRAIT.ownerIndex) % organizations;
      return { type: "organization", index: owner, login: organization(owner).login };
    }
    const owner = contributors(index)[0] ?? 0;
    return { type: "user", index: owner, login: loginAt(owner) };
  };
  const repository = (index: number): Repository =>
    repositoryCache.get(index, () => repositoryAt(context, index, ownerOf(index)));
  const person = (index: number): Person =>
    personCache.get(index, () =>
      personAt({ seed, people, asOfMs, employer: (hash) => organization(hash % organizations) }, index),
    );

  return {
    seed,
    asOfMs,
    repositories,
    people,
    accounts: people + SPECIAL_ACCOUNTS.length,
    organizations,
    repository,
    repositoryByName(owner, name) {
      indexOfName ??= createRepositoryNameIndex(context, repositories);
      const index = indexOfName(name);
      const found = index === null ? null : repository(index);
      return found?.owner.login === owner.toLowerCase() ? found : null;
    },
    person,
    personByLogin(login) {
      indexOfLogin ??= createLoginIndex(people);
      const index = indexOfLogin(login);
      return index === null ? null : person(index);
    },
    organization,
    organizationByLogin(login) {
      const index = organizationIndexOf(login, organizations);
      return index === null ? null : organization(index);
    },
    contributors,
    history: (index) =>
      historyCache.get(index, () => {
        const { pushedAt, createdAt } = repository(index);
        return createCommitHistory({
          seed,
          repository: index,
          pushedAt,
          createdAt,
          contributors: contributors(index),
          people,
        });
      }),
    collaboration(index) {
      const { pushedAt, owner } = repository(index);
      return {
        seed,
        repository: index,
        pushedAt,
        contributors: contributors(index),
        people,
        ownedByUser: owner.type === "user",
      };
    },
  };
}

/** Four fifths of the contributors are at home around the repository, the rest are people who are active everywhere. */
function contributorsOf(seed: number, repository: number, people: number): readonly number[] {
  const count = 3 + Math.floor(14 * unit(seed, repository, TRAIT.contributorCount) ** 1.5);
  const chosen = new Set<number>();
  for (let slot = 0; slot < count; slot += 1) {
    const hash = hash32(seed ^ (slot * 0x3779), repository, TRAIT.contributor);
    const local = unit(seed ^ (slot * 0x3779), repository, TRAIT.contributorKind) < 0.8;
    chosen.add(
      local
        ? (repository * 6 + (hash % 16)) % people
        : Math.floor(people * 0.2 * (hash / 0x1_0000_0000) ** 2),
    );
  }
  return [...chosen];
}
