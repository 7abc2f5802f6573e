import { hash32, pick, unit } from "../random/hash.ts";
import {
  COMMON_TOPICS,
  DESCRIPTIONS,
  LANGUAGES,
  LICENSES,
  NAME_HEADS,
  NAME_TAILS,
} from "./repository-vocabulary.ts";
import { TRAIT } from "./trait.ts";

/** What the attributes of repositories are derived from. */
export interface RepositoryContext {
  seed: number;
  asOfMs: number;
}

/** A public repository as a whole. */
export interface Repository {
  index: number;
  databaseId: number;
  name: string;
  owner: { type: "organization" | "user"; index: number; login: string };
  nameWithOwner: string;
  description: string | null;
  homepageUrl: string | null;
  language: string | null;
  license: string | null;
  topics: readonly string[];
  stars: number;
  forks: number;
  watchers: number;
  sizeKiB: number;
  createdAt: number;
  pushedAt: number;
  isArchived: boolean;
  isFork: boolean;
  isMirror: boolean;
  isTemplate: boolean;
  isEmpty: boolean;
}

/** The programming language of a repository; null for a few that have none. */
export function languageOf({ seed }: RepositoryContext, index: number): string | null {
  let share = unit(seed, index, TRAIT.language) * 1.02;
  for (const language of LANGUAGES) {
    share -= language.share;
    if (share < 0) return language.name;
  }
  return null;
}

/** Stars, with a long tail: half have fewer than about a hundred, one in a hundred tens of thousands. */
export function starsOf({ seed }: RepositoryContext, index: number): number {
  return Math.floor(10 ** (0.3 + 4.8 * unit(seed, index, TRAIT.stars) ** 1.5)) - 1;
}

/** When a repository was created, in milliseconds: between a month and eleven years before the world's today. */
export function createdAtOf({ seed, asOfMs }: RepositoryContext, index: number): number {
  const days = 30 + 4000 * unit(seed, index, TRAIT.age) ** 1.4;
  return asOfMs - Math.floor(days * DAY_SECONDS) * 1000;
}

/** When a repository was pushed to last: two thirds within the last ninety days. */
export function pushedAtOf(context: RepositoryContext, index: number): number {
  const { seed, asOfMs } = context;
  const days = -82 * Math.log(1 - unit(seed, index, TRAIT.pushed) * 0.9999);
  const age = (asOfMs - createdAtOf(context, index)) / DAY;
  return asOfMs - Math.floor(Math.min(days, age * 0.9) * DAY_SECONDS) * 1000;
}

/** Archived, fork, mirror, template and empty: each a few in a hundred. */
export function flagOf(
  { seed }: RepositoryContext,
  index: number,
  flag: "archived" | "fork" | "mirror" | "template" | "empty",
): boolean {
  return unit(seed, index, TRAIT[flag]) < FLAG_SHARES[flag];
}

/** Topics, none to eight, without duplicates. */
export function topicsOf(context: RepositoryContext, index: number): string[] {
  const { seed } = context;
  const own =
    LANGUAGES.find((language) => language.name === languageOf(context, index))?.topics ?? COMMON_TOPICS;
  const count = hash32(seed, index, TRAIT.topicCount) % 9;
  const topics = new Set<string>();
  for (let slot = 0; slot < count; slot += 1) {
    const hash = hash32(seed ^ (slot * 0x51ed), index, TRAIT.topic);
    topics.add(pick(hash % 100 < 60 ? own : COMMON_TOPICS, hash >>> 8));
  }
  return [...topics];
}

/** The name without the owner. Names are unique in the world, so they lead back to the number. */
function repositoryNameOf({ seed }: RepositoryContext, index: number): string {
  const round = Math.floor(index / NAME_PAIRS);
  const pair = ((index % NAME_PAIRS) * NAME_STEP + nameOffset(seed)) % NAME_PAIRS;
  const name = `${pick(NAME_HEADS, Math.floor(pair / NAME_TAILS.length))}-${pick(NAME_TAILS, pair % NAME_TAILS.length)}`;
  return round === 0 ? name : `${name}-${round + 1}`;
}

/** The number of the repository with this name; null when the world has none. */
export function createRepositoryNameIndex(
  context: RepositoryContext,
  count: number,
): (name: string) => number | null {
  const pairs = new Map<string, number>();
  for (let index = 0; index < Math.min(count, NAME_PAIRS); index += 1)
    pairs.set(repositoryNameOf(context, index), index);
  return (name) => {
    const match = /^([a-z]+-[a-z]+)(?:-(\d+))?$/.exec(name.toLowerCase());
    const pair = pairs.get(match?.[1] ?? "");
    if (pair === undefined) return null;
    const index = pair + NAME_PAIRS * (Number(match?.[2] ?? 1) - 1);
    return index >= 0 && index < count && repositoryNameOf(context, index) === name.toLowerCase()
      ? index
      : null;
  };
}

/** Everything about a repository. `owner` is given because accounts are known to the world only. */
export function repositoryAt(
  context: RepositoryContext,
  index: number,
  owner: Repository["owner"],
): Repository {
  const { seed } = context;
  const name = repositoryNameOf(context, index);
  const language = languageOf(context, index);
  const topics = topicsOf(context, index);
  const stars = starsOf(context, index);
  const isEmpty = flagOf(context, index, "empty");
  return {
    index,
    databaseId: 40_000_000 + index * 3,
    name,
    owner,
    nameWithOwner: `${owner.login}/${name}`,
    description:
      unit(seed, index, TRAIT.description) < 0.1
        ? null
        : pick(DESCRIPTIONS, hash32(seed, index, TRAIT.description))
            .replaceAll("{language}", language ?? "plain text")
            .replaceAll("{topic}", topics[0] ?? "everyday work"),
    homepageUrl: unit(seed, index, TRAIT.homepage) < 0.3 ? `https://${name}.example` : null,
    language: isEmpty ? null : language,
    license:
      unit(seed, index, TRAIT.license) < 0.12 ? null : pick(LICENSES, hash32(seed, index, TRAIT.license)),
    topics,
    stars,
    forks: Math.floor(stars * (0.03 + 0.2 * unit(seed, index, TRAIT.forks))),
    watchers: Math.floor(stars * 0.02) + (hash32(seed, index, TRAIT.watchers) % 9),
    sizeKiB: isEmpty ? 0 : 20 + (hash32(seed, index, TRAIT.size) % 90_000),
    createdAt: createdAtOf(context, index),
    pushedAt: pushedAtOf(context, index),
    isArchived: flagOf(context, index, "archived"),
    isFork: flagOf(context, index, "fork"),
    isMirror: flagOf(context, index, "mirror"),
    isTemplate: flagOf(context, index, "template"),
    isEmpty,
  };
}

const DAY_SECONDS = 86_400;
const DAY = DAY_SECONDS * 1000;
const FLAG_SHARES = { archived: 0.04, fork: 0.05, mirror: 0.012, template: 0.02, empty: 0.015 };

const NAME_PAIRS = NAME_HEADS.length * NAME_TAILS.length;
/** Has no factor in common with the number of pairs, so that every pair is met once per round. */
const NAME_STEP = 367;

function nameOffset(seed: number): number {
  return hash32(seed, 0, TRAIT.nameOffset) % NAME_PAIRS;
}
