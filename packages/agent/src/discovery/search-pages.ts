import type { AgentContext, RepositoryPage, RepositoryQuery, Source } from "@cmo/engine";

/** How many results one page of a search holds. It never depends on timing, so that results do not either. */
export const searchPageSize = 50;

/** One page of a search. */
export interface SearchPage extends RepositoryPage {
  /** On the first page of a day of which not everything can be reached. */
  readonly overflow: { readonly day: string; readonly claimed: number; readonly reachable: number } | null;
}

/** What {@link searchPages} needs. */
export interface SearchOptions {
  context: AgentContext;
  source: Source;
  query: RepositoryQuery;
  /** Names the search among those of the job; part of its tasks' ids. */
  name: string;
  /** The last day of the window of creation, `YYYY-MM-DD`. */
  today: string;
  signal: AbortSignal;
}

/**
 * The pages of one search, by stars. A search that claims more than can be reached goes on, after its first results,
 * through windows of creation dates, newest first, halved until each can be read to its end: creation never changes,
 * so that no window misses or repeats what another has What the windows find again is deduplicated later. A day that
 * holds more than can be reached says so on its first page.
 */
export async function* searchPages(options: SearchOptions): AsyncGenerator<SearchPage, void, undefined> {
  const { source, query, name, today } = options;
  const first = yield* readWindow(options, query, name);
  if (first === null || first.claimed <= source.searchWindow) return;
  yield* splitWindow({ from: earliestDay, to: today });

  async function* splitWindow(created: {
    from: string;
    to: string;
  }): AsyncGenerator<SearchPage, void, undefined> {
    const windowName = `${name}/${created.from}..${created.to}`;
    const probe = await askPage(options, { ...query, created }, windowName, 0, null);
    if (probe === null) return;
    if (probe.claimed > source.searchWindow && created.from < created.to) {
      const middle = middleDay(created.from, created.to);
      yield* splitWindow({ from: nextDay(middle), to: created.to });
      yield* splitWindow({ from: created.from, to: middle });
      return;
    }
    const isTooMuch = probe.claimed > source.searchWindow;
    const overflow = { day: created.from, claimed: probe.claimed, reachable: source.searchWindow };
    yield* readWindow(options, { ...query, created }, windowName, isTooMuch ? overflow : null);
  }
}

/** Reads a window page by page; gives its first page, or null when that is not to be had. */
async function* readWindow(
  options: SearchOptions,
  query: RepositoryQuery,
  name: string,
  overflow: SearchPage["overflow"] = null,
): AsyncGenerator<SearchPage, RepositoryPage | null, undefined> {
  let first: RepositoryPage | null = null;
  let after: string | null = null;
  for (let number = 0; number * searchPageSize < options.source.searchWindow; number += 1) {
    const page = await askPage(options, query, name, number, after);
    if (page === null) return first;
    yield { ...page, overflow: first === null ? overflow : null };
    first ??= page;
    if (page.next === null) return first;
    after = page.next;
  }
  return first;
}

async function askPage(
  { context, source, signal }: SearchOptions,
  query: RepositoryQuery,
  name: string,
  number: number,
  after: string | null,
): Promise<RepositoryPage | null> {
  const item = { id: `${name}#${number}`, input: { query, first: searchPageSize, after } };
  const pages = context.tasks(
    "search",
    [item],
    async (_items, call) => [
      { id: item.id, value: await source.searchRepositories(query, { first: searchPageSize, after }, call) },
    ],
    { signal },
  );
  for await (const page of pages) return page.value;
  return null;
}

/** GitHub's oldest repositories are of October 2007; nothing was created before. */
const earliestDay = "2007-10-01";
const dayMs = 86_400_000;

function nextDay(day: string): string {
  return new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);
}

function middleDay(from: string, to: string): string {
  const days = Math.floor((Date.parse(to) - Date.parse(from)) / dayMs / 2);
  return new Date(Date.parse(from) + days * dayMs).toISOString().slice(0, 10);
}
