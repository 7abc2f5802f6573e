import type { AgentContext, JobSpec, MemoryChange, RepositoryRecord, Source } from "@cmo/engine";
import type { WorkingMemory } from "../memory/working-memory.ts";
import { factsOf, repositoryFacts } from "./repository-facts.ts";
import { repositoryDropReason } from "./repository-filter.ts";
import { readSearchPage, type SearchCursor, type SearchPage, searchBegin } from "./search-cursor.ts";
import { searchQueries } from "./search-query.ts";

/** One page of repositories to be looked into. */
export interface DiscoveredPage {
  /** Repositories that passed every filter and are new, in the search's order. */
  readonly repositories: readonly RepositoryRecord[];
  /** How many results the page held. */
  readonly results: number;
  /** How many repositories the source claims for searches that this page is the first of; 0 for later pages. */
  readonly claimed: number;
  /** Why results were left out, one reason each. */
  readonly dropped: readonly string[];
  /** On the first page of a day of which not everything can be reached. */
  readonly overflow: SearchPage["overflow"];
  /** What is to be kept of it. */
  readonly changes: readonly MemoryChange[];
  /** Where the searches go on after it. */
  readonly cursor: DiscoveryCursor;
  /** Whether nothing before it was left out, as happens in a job that is brought to its end early. */
  readonly isWhole: boolean;
}

/** Where the searches of a campaign have got to. JSON. */
export interface DiscoveryCursor {
  /** By query; null for one that has ended. */
  readonly searches: readonly (SearchCursor | null)[];
  /** Those of which a page was given. */
  readonly begun: readonly boolean[];
  /** The query whose turn it is. */
  readonly turn: number;
  /** How many repositories may still be taken. */
  readonly room: number;
}

/** What {@link discover} needs. */
export interface DiscoverOptions {
  spec: JobSpec;
  context: AgentContext;
  source: Source;
  memory: WorkingMemory;
  /** Where to go on. */
  cursor: DiscoveryCursor;
  /** Ends the searches early. */
  signal: AbortSignal;
}

/** Searches of which nothing was read. */
export function discoveryBegin(spec: JobSpec): DiscoveryCursor {
  const queries = searchQueries(spec);
  return {
    searches: queries.map(() => searchBegin),
    begun: queries.map(() => false),
    turn: 0,
    room: spec.limits.maxRepos,
  };
}

/**
 * The pages of all searches of a campaign, one of each in turn, so that no topic starves the others; each repository
 * once; at most `limits.maxRepos` of them. The order is a function of the answers alone.
 */
export async function* discover(options: DiscoverOptions): AsyncGenerator<DiscoveredPage, void, undefined> {
  const { spec, memory } = options;
  const queries = searchQueries(spec).map((query, index) => ({
    ...options,
    query,
    name: `q${index}`,
    today: spec.asOf.slice(0, 10),
  }));
  let { searches, begun, turn, room } = options.cursor;
  let isWhole = true;

  while (room > 0) {
    const index = nextOpen(searches, turn);
    const query = queries[index];
    const search = searches[index];
    if (query === undefined || search == null) return;
    const step = await readSearchPage(query, search);
    searches = searches.with(index, step?.cursor ?? null);
    turn = (index + 1) % searches.length;
    isWhole &&= step === null ? hasEnded(search) : step.isWhole;
    if (step === null) continue;
    const isFirst = begun[index] !== true;
    begun = begun.with(index, true);
    const taken = await takeRepositories(step.page);
    memory.hold(taken.changes);
    yield {
      ...taken,
      claimed: isFirst ? step.page.claimed : 0,
      overflow: step.page.overflow,
      cursor: { searches, begun, turn, room },
      isWhole,
    };
  }

  async function takeRepositories(page: SearchPage) {
    const ids = page.repositories.map(({ id }) => id);
    const seen = new Set((await memory.read(repositoryFacts, ids)).keys());
    const repositories: RepositoryRecord[] = [];
    const dropped: string[] = [];
    const changes: MemoryChange[] = [];
    let results = 0;
    for (const repository of page.repositories) {
      if (room === 0) break;
      results += 1;
      const isNew = !seen.has(repository.id);
      const reason = isNew ? repositoryDropReason(repository, spec) : "duplicate_repository";
      seen.add(repository.id);
      if (isNew) {
        changes.push(repositoryFacts.put(repository.id, reason === null ? factsOf(repository) : null));
      }
      if (reason !== null) dropped.push(reason);
      else {
        repositories.push(repository);
        room -= 1;
      }
    }
    return { repositories, results, dropped, changes };
  }
}

function hasEnded({ reading, windows }: SearchCursor): boolean {
  return reading === null && windows.length === 0;
}

/** The first search from `turn` on, around, that has not ended; -1 when all have. */
function nextOpen(searches: readonly (SearchCursor | null)[], turn: number): number {
  const order = searches.map((_search, offset) => (turn + offset) % searches.length);
  return order.find((index) => searches[index] !== null) ?? -1;
}
