import type { RepositoryPage, RepositoryQuery, SourceCall } from "@cmo/engine";
import type { AdaptiveSize } from "../batch/adaptive-size.ts";
import { type Failure, isTooMuch, tooLarge } from "../http/judge-answer.ts";
import {
  searchDataSchema,
  searchDocument,
  searchNodeSchema,
  searchText,
  toRepositoryRecord,
} from "../query/search.ts";
import { type Asker, readAnswer, scopeError, waitToRetry } from "./question.ts";

/**
 * One page of a search. Where GitHub cannot answer that many at once the page is put together from smaller ones, so
 * that what a page holds does not depend on how long answers took.
 */
export async function searchRepositories(
  query: RepositoryQuery,
  page: { first: number; after: string | null },
  context: { asker: Asker; size: AdaptiveSize; call: SourceCall },
): Promise<RepositoryPage> {
  const { asker, size, call } = context;
  const result: { claimed: number | null; repositories: RepositoryPage["repositories"][number][] } = {
    claimed: null,
    repositories: [],
  };
  let after = page.after;
  let wanted = page.first;
  let cap = page.first;
  let attempts = 0;
  let failuresInARow = 0;
  for (;;) {
    const first = Math.min(wanted, cap, size.current());
    const part = await askForPart(query, first, after, asker, call);
    if ("failure" in part) {
      failuresInARow += 1;
      const isSmallest = first === 1 || part.failure.blame === "elsewhere";
      if (isSmallest) attempts += 1;
      else {
        size.tooMuch(first);
        cap = Math.floor(first / 2);
      }
      if (attempts >= asker.maxAttempts) throw part.failure.error;
      const next = isSmallest ? "Asking again." : `Asking for ${cap} search results at once.`;
      await waitToRetry(asker, failuresInARow, part.failure, next, call);
      continue;
    }
    size.answered(first, part.durationMs);
    attempts = 0;
    failuresInARow = 0;
    result.claimed ??= part.claimed;
    result.repositories.push(...part.repositories);
    wanted -= first;
    if (wanted <= 0 || part.next === null || part.next === after) {
      return {
        claimed: result.claimed,
        repositories: result.repositories,
        next: part.next === after ? null : part.next,
      };
    }
    after = part.next;
  }
}

async function askForPart(
  query: RepositoryQuery,
  first: number,
  after: string | null,
  asker: Asker,
  call: SourceCall,
): Promise<(RepositoryPage & { durationMs: number }) | { failure: Failure }> {
  const { verdict, where, durationMs } = await asker.client.graphql(
    {
      tool: "github.search",
      document: searchDocument,
      variables: { query: searchText(query), first, after },
    },
    call,
  );
  if (verdict.kind === "failed") return { failure: verdict.failure };
  const missing = scopeError(verdict.errors, where);
  if (missing !== null) throw missing;
  const leftOut = verdict.errors.find((error) => isTooMuch(error));
  if (leftOut !== undefined) return { failure: tooLarge(leftOut, where) };
  const { search } = readAnswer(searchDataSchema, verdict.data, where);
  return {
    claimed: search.repositoryCount,
    repositories: (search.nodes ?? [])
      .filter((node) => node?.__typename === "Repository")
      .map((node) => toRepositoryRecord(readAnswer(searchNodeSchema, node, where))),
    next: search.pageInfo.hasNextPage ? search.pageInfo.endCursor : null,
    durationMs,
  };
}
