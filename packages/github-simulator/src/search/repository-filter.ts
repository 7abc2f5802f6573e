import type { Repository } from "../world/repository.ts";
import {
  createdAtOf,
  flagOf,
  languageOf,
  pushedAtOf,
  type RepositoryContext,
  starsOf,
  topicsOf,
} from "../world/repository.ts";
import type { World } from "../world/world.ts";
import type { SearchCondition, SearchQuery, SearchRange } from "./search-query.ts";

/**
 * A test of repositories by number. Conditions are ordered by what they cost: those that one hash answers come first,
 * so that a hundred thousand repositories are searched without deriving more than what each condition needs.
 */
export function createRepositoryFilter(world: World, query: SearchQuery): (index: number) => boolean {
  const context: RepositoryContext = { seed: world.seed, asOfMs: world.asOfMs };
  const checks = [...query.conditions]
    .sort((left, right) => COSTS[left.kind] - COSTS[right.kind])
    .map((condition) => createCheck(world, context, condition));
  return (index) => checks.every((check) => check(index));
}

const COSTS: Record<SearchCondition["kind"], number> = {
  private: 0,
  archived: 1,
  fork: 1,
  mirror: 1,
  template: 1,
  stars: 2,
  created: 2,
  language: 3,
  pushed: 4,
  topic: 5,
  topics: 5,
  account: 6,
  repository: 6,
  license: 7,
  forks: 7,
  size: 7,
  text: 8,
};

function createCheck(
  world: World,
  context: RepositoryContext,
  condition: SearchCondition,
): (index: number) => boolean {
  switch (condition.kind) {
    case "private":
      return () => false;
    case "archived":
    case "mirror":
    case "template":
      return (index) => flagOf(context, index, condition.kind) === condition.wanted;
    case "fork":
      if (condition.wanted === "include") return () => true;
      return (index) => flagOf(context, index, "fork") === (condition.wanted === "only");
    case "stars":
      return (index) => within(starsOf(context, index), condition.range) !== condition.negated;
    case "created":
      return (index) => within(createdAtOf(context, index), condition.range) !== condition.negated;
    case "pushed":
      return (index) => within(pushedAtOf(context, index), condition.range) !== condition.negated;
    case "language":
      // An empty repository has no language, so the whole check is what the answer will show.
      return (index) =>
        (!flagOf(context, index, "empty") && matchesLanguage(languageOf(context, index), condition.value)) !==
        condition.negated;
    case "topic":
      return (index) => topicsOf(context, index).includes(condition.value) !== condition.negated;
    case "topics":
      return (index) => within(topicsOf(context, index).length, condition.range) !== condition.negated;
    case "account":
    case "repository":
    case "license":
    case "forks":
    case "size":
    case "text":
      return (index) => matchesWhole(world.repository(index), condition) !== condition.negated;
    default:
      throw condition satisfies never;
  }
}

function matchesWhole(
  repository: Repository,
  condition: Extract<
    SearchCondition,
    { kind: "account" | "repository" | "license" | "forks" | "size" | "text" }
  >,
): boolean {
  switch (condition.kind) {
    case "account":
      return repository.owner.login === condition.value;
    case "repository":
      return repository.nameWithOwner === condition.value;
    case "license":
      return repository.license?.toLowerCase() === condition.value;
    case "forks":
      return within(repository.forks, condition.range);
    case "size":
      return within(repository.sizeKiB, condition.range);
    case "text":
      return (
        repository.name.includes(condition.text) ||
        repository.topics.includes(condition.text) ||
        (repository.description?.toLowerCase().includes(condition.text) ?? false)
      );
    default:
      throw condition satisfies never;
  }
}

function matchesLanguage(language: string | null, wanted: string): boolean {
  const name = language?.toLowerCase();
  return (
    name !== undefined &&
    (name === wanted || name.replaceAll(" ", "-") === wanted || ALIASES[wanted] === name)
  );
}

const ALIASES: Record<string, string> = {
  golang: "go",
  js: "javascript",
  ts: "typescript",
  py: "python",
  cpp: "c++",
  rs: "rust",
};

function within(value: number, range: SearchRange): boolean {
  return (range.min === null || value >= range.min) && (range.max === null || value <= range.max);
}
