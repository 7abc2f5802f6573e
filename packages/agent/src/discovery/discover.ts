import type { AgentContext, JobSpec, RepositoryRecord, Source } from "@cmo/engine";
import { repositoryDropReason } from "./repository-filter.ts";
import { type SearchPage, searchPages } from "./search-pages.ts";
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
}

/** What {@link discover} needs. */
export interface DiscoverOptions {
  spec: JobSpec;
  context: AgentContext;
  source: Source;
  /** Ends the searches early. */
  signal: AbortSignal;
}

/**
 * The pages of all searches of a campaign, one of each in turn, so that no topic starves the others; each repository
 * once; at most `limits.maxRepos` of them. The order is a function of the answers alone.
 */
export async function* discover(options: DiscoverOptions): AsyncGenerator<DiscoveredPage, void, undefined> {
  const { spec } = options;
  const seen = new Set<string>();
  let room = spec.limits.maxRepos;
  let open = searchQueries(spec).map((query, index) => ({
    pages: searchPages({ ...options, query, name: `q${index}`, today: spec.asOf.slice(0, 10) }),
    begun: false,
  }));
  try {
    while (open.length > 0) {
      const still: typeof open = [];
      for (const search of open) {
        const next = await search.pages.next();
        if (next.done) continue;
        still.push(search);
        const page = takeRepositories(next.value, search.begun);
        search.begun = true;
        yield page;
        if (room === 0) return;
      }
      open = still;
    }
  } finally {
    for (const search of open) await search.pages.return();
  }

  function takeRepositories(page: SearchPage, begun: boolean): DiscoveredPage {
    const repositories: RepositoryRecord[] = [];
    const dropped: string[] = [];
    let results = 0;
    for (const repository of page.repositories) {
      if (room === 0) break;
      results += 1;
      const reason = seen.has(repository.id)
        ? "duplicate_repository"
        : repositoryDropReason(repository, spec);
      seen.add(repository.id);
      if (reason !== null) dropped.push(reason);
      else {
        repositories.push(repository);
        room -= 1;
      }
    }
    return { repositories, results, claimed: begun ? 0 : page.claimed, dropped, overflow: page.overflow };
  }
}
