import { hash32, unit } from "../random/hash.ts";
import { createBoundedCache } from "../world/bounded-cache.ts";
import { createdAtOf, pushedAtOf, starsOf } from "../world/repository.ts";
import { TRAIT } from "../world/trait.ts";
import type { World } from "../world/world.ts";
import { createRepositoryFilter } from "./repository-filter.ts";
import { parseSearchQuery, type SearchQuery } from "./search-query.ts";

/** One page of a search. */
interface SearchPage {
  /** How many repositories match, reachable or not. */
  count: number;
  /** Numbers of the repositories on this page. */
  items: readonly number[];
  /** Where the page begins and ends among the results. */
  start: number;
  end: number;
  hasNextPage: boolean;
}

/** A page, or why the search was refused. */
type SearchAnswer = { ok: true; page: SearchPage } | { ok: false; message: string };

/** Searches over a world; ranked results are kept for the latest searches. */
export interface SearchIndex {
  /** @param offset where the page begins, @param size how many results it has at most */
  search(text: string, offset: number, size: number): SearchAnswer;
}

/** No search shows more than its first thousand results, whatever their number. */
export const SEARCH_WINDOW = 1000;

export function createSearchIndex(world: World): SearchIndex {
  const cache = createBoundedCache<string, Ranked | string>(32);
  return {
    search(text, offset, size) {
      const ranked = cache.get(text, () => {
        const parsed = parseSearchQuery(text);
        return parsed.ok ? rank(world, parsed.query) : parsed.message;
      });
      if (typeof ranked === "string") return { ok: false, message: ranked };
      const reachable = Math.min(ranked.top.length, SEARCH_WINDOW);
      const end = Math.min(offset + size, reachable);
      const items: number[] = [];
      for (let position = offset; position < end; position += 1)
        items.push(itemAt(world.seed, ranked, position, offset));
      return {
        ok: true,
        page: { count: ranked.count, items, start: offset, end, hasNextPage: end < reachable },
      };
    },
  };
}

interface Ranked {
  count: number;
  /** The first thousand. */
  top: Int32Array;
  ordered: boolean;
}

function rank(world: World, query: SearchQuery): Ranked {
  const matches: number[] = [];
  const accepts = createRepositoryFilter(world, query);
  for (let index = 0; index < world.repositories; index += 1) if (accepts(index)) matches.push(index);
  const keyOf = createSortKey(world, query);
  const direction = query.sort.descending ? -1 : 1;
  const keys = new Map(matches.map((index) => [index, keyOf(index)]));
  matches.sort((left, right) => direction * ((keys.get(left) ?? 0) - (keys.get(right) ?? 0)) || left - right);
  return {
    count: matches.length,
    top: Int32Array.from(matches.slice(0, SEARCH_WINDOW)),
    ordered: query.sort.by !== "best-match",
  };
}

function createSortKey(world: World, query: SearchQuery): (index: number) => number {
  switch (query.sort.by) {
    case "stars":
      return (index) => starsOf(world, index);
    case "forks":
      return (index) => world.repository(index).forks;
    case "updated":
      return (index) => pushedAtOf(world, index);
    case "created":
      return (index) => createdAtOf(world, index);
    case "best-match":
      return (index) =>
        Math.log10(starsOf(world, index) + 2) * (0.5 + unit(world.seed, index, TRAIT.bestMatch));
    default:
      throw query.sort.by satisfies never;
  }
}

/**
 * Without an explicit order, later pages repeat some results of earlier ones instead of their own, which are then
 * never shown: octokit/core.js#549.
 */
function itemAt(seed: number, ranked: Ranked, position: number, offset: number): number {
  const hash = hash32(seed, position, TRAIT.overlap);
  const repeated = !ranked.ordered && offset > 0 && (hash % 100 < 12 || position === offset);
  return ranked.top[repeated ? (hash >>> 8) % offset : position] ?? 0;
}
