import type { JobView } from "@cmo/client";
import { isTerminalStatus } from "@cmo/engine";
import type { JobRow } from "../list/job-row.ts";

/** A job that another one can be compared with. */
export interface ComparableJob {
  readonly row: JobRow;
  /** What it is to the other one; null for any job. */
  readonly relation: "parent" | "child" | "same name" | null;
}

const relations = ["parent", "child", "same name", null] as const;

/**
 * The jobs that have ended, for whom to compare `job` with: what it was made from and what was made from it first, then
 * those of its name, then all others; each group in the order that it came in. Without `job`, all that have ended.
 */
export function comparableJobs(
  rows: readonly JobRow[],
  job: Pick<JobView, "id" | "name" | "parentJobId"> | null,
): readonly ComparableJob[] {
  const found = rows
    .filter(({ id, progress }) => id !== job?.id && isTerminalStatus(progress.status))
    .map((row) => ({ row, relation: job === null ? null : relationOf(row, job) }));
  return found.sort((one, other) => relations.indexOf(one.relation) - relations.indexOf(other.relation));
}

function relationOf(
  { id, name, view }: JobRow,
  job: Pick<JobView, "id" | "name" | "parentJobId">,
): ComparableJob["relation"] {
  if (id === job.parentJobId) return "parent";
  if (view?.parentJobId === job.id) return "child";
  return name === job.name ? "same name" : null;
}

/** Both, the older one first, so that what is added is what the newer one found. */
export function olderFirst<T extends Pick<JobView, "createdAt">>(one: T, other: T): readonly [T, T] {
  return Date.parse(other.createdAt) < Date.parse(one.createdAt) ? [other, one] : [one, other];
}
