import { isTerminalStatus } from "@cmo/engine";
import type { JobRow } from "./job-row.ts";

/** The groups that a list can be narrowed to. */
export const jobGroups = ["all", "active", "completed", "failed", "cancelled"] as const;

/** One of {@link jobGroups}. */
export type JobGroup = (typeof jobGroups)[number];

/** The jobs of a group in whose name, goal or id every word of the search stands, in any case. */
export function filterJobs(
  rows: readonly JobRow[],
  { search, group }: { readonly search: string; readonly group: JobGroup },
): readonly JobRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => isIn(row, group) && words.every((word) => textOf(row).includes(word)));
}

function isIn({ progress: { status } }: JobRow, group: JobGroup): boolean {
  if (group === "all") return true;
  return group === "active" ? !isTerminalStatus(status) : status === group;
}

function textOf({ id, name, view }: JobRow): string {
  return `${id} ${name} ${view?.goal ?? ""}`.toLowerCase();
}
