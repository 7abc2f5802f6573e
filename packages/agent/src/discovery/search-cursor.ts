import type { AgentContext, RepositoryPage, RepositoryQuery, Source } from "@cmo/engine";
import { screenOwners } from "../people/screen-owners.ts";
import { type CreationWindow, everyDayUntil, halvesOf } from "./creation-window.ts";

/** How many results one page of a search holds. It never depends on timing, so that results do not either. */
export const searchPageSize = 50;

/** One page of a search. */
export interface SearchPage extends RepositoryPage {
  /** On the first page of a day of which not everything can be reached. */
  readonly overflow: { readonly day: string; readonly claimed: number; readonly reachable: number } | null;
}

/** Where a search has got to. JSON, and all that going on needs. */
export interface SearchCursor {
  /** The question that is being read page by page; null between two. */
  readonly reading: {
    /** Null: the search as it was asked for. */
    readonly created: CreationWindow | null;
    /** How many pages of it were read. */
    readonly pages: number;
    readonly after: string | null;
    /** What its first page claimed. */
    readonly claimed: number;
  } | null;
  /** Windows of creation that are still to be read, the next one last. */
  readonly windows: readonly CreationWindow[];
}

/** What {@link readSearchPage} needs. */
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

/** A page, and where the search has got to with it. */
export interface SearchStep {
  readonly page: SearchPage;
  readonly cursor: SearchCursor;
  /** Whether nothing before it was left out, as happens in a job that is brought to its end early. */
  readonly isWhole: boolean;
}

/** A search of which nothing was read. */
export const searchBegin: SearchCursor = {
  reading: { created: null, pages: 0, after: null, claimed: 0 },
  windows: [],
};

/**
 * The next page of a search, by stars; null at its end. A search that claims more than can be reached goes on, after
 * its first results, through windows of creation dates, newest first, halved until each can be read to its end:
 * creation never changes, so that no window misses or repeats what another has. What the windows find again is
 * deduplicated later. A day that holds more than can be reached says so on its first page.
 */
export async function readSearchPage(
  options: SearchOptions,
  cursor: SearchCursor,
): Promise<SearchStep | null> {
  const { source, today } = options;
  let { reading } = cursor;
  const windows = [...cursor.windows];
  let isWhole = true;
  for (;;) {
    if (reading !== null) {
      const { created, pages, after } = reading;
      const page = await askPage(options, created, pages, after);
      if (page !== null) return stepOf(page, reading, windows);
      // Only a job that is brought to its end early has no answer: this question ends here.
      isWhole = false;
      if (created === null && isTooMuch(reading.claimed)) windows.push(everyDayUntil(today));
      reading = null;
    }
    const created = windows.pop();
    if (created === undefined) return null;
    const probe = await askPage(options, created, 0, null);
    if (probe === null) {
      isWhole = false;
      continue;
    }
    if (isTooMuch(probe.claimed) && created.from < created.to) {
      const { older, newer } = halvesOf(created);
      windows.push(older, newer);
      continue;
    }
    return stepOf(probe, { created, pages: 0, after: null, claimed: 0 }, windows);
  }

  function stepOf(
    page: RepositoryPage,
    at: NonNullable<SearchCursor["reading"]>,
    left: readonly CreationWindow[],
  ): SearchStep {
    const { created } = at;
    const isFirst = at.pages === 0;
    const claimed = isFirst ? page.claimed : at.claimed;
    const pages = at.pages + 1;
    const overflow =
      isFirst && created !== null && isTooMuch(claimed)
        ? { day: created.from, claimed, reachable: source.searchWindow }
        : null;
    const isLast = page.next === null || pages * searchPageSize >= source.searchWindow;
    const isSplit = isLast && created === null && isTooMuch(claimed);
    return {
      page: { ...page, overflow },
      cursor: {
        reading: isLast ? null : { created, pages, after: page.next, claimed },
        windows: isSplit ? [everyDayUntil(today)] : left,
      },
      isWhole,
    };
  }

  function isTooMuch(claimed: number): boolean {
    return claimed > source.searchWindow;
  }
}

async function askPage(
  { context, source, query: whole, name, signal }: SearchOptions,
  created: CreationWindow | null,
  pages: number,
  after: string | null,
): Promise<RepositoryPage | null> {
  const query = created === null ? whole : { ...whole, created };
  const question = created === null ? name : `${name}/${created.from}..${created.to}`;
  const item = { id: `${question}#${pages}`, input: { query, first: searchPageSize, after } };
  let isScreened = false;
  const answers = context.tasks(
    "search",
    [item],
    async (_items, call) => [
      { id: item.id, value: await source.searchRepositories(query, { first: searchPageSize, after }, call) },
    ],
    {
      signal,
      screen: (found) => {
        isScreened = true;
        return screenOwners(context, found);
      },
    },
  );
  for await (const answer of answers) {
    if (isScreened) return answer.value;
    // Stored before, by this job or one that it goes on from: others may be suppressed by now.
    const [screened = answer] = await screenOwners(context, [answer]);
    return screened.value;
  }
  return null;
}
