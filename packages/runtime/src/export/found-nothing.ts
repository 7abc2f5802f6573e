import type { RunSummary } from "@cmo/engine";

/** Whether a job could not begin: it has nothing to put into lead files, and empty ones would look like a result. */
export function foundNothing({ status, counts }: Pick<RunSummary, "status" | "counts">): boolean {
  const { reposMatched, candidates, profiles, leads } = counts;
  return status === "failed" && [reposMatched, candidates, profiles, leads].every((count) => !count);
}
