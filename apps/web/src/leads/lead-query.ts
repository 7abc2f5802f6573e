import type { LeadsQuery } from "@cmo/client";
import type { leadSortKeys } from "@cmo/engine";

/** A key that leads can be sorted by. */
export type LeadSortKey = (typeof leadSortKeys)[number];

/** What a person asked for in the table. */
export interface LeadChoice {
  readonly search: string;
  readonly contactable: "all" | "yes" | "no";
  readonly minScore: number;
  readonly sortBy: LeadSortKey;
  readonly isDescending: boolean;
}

/** All leads, the best first. */
export const allLeads: LeadChoice = {
  search: "",
  contactable: "all",
  minScore: 0,
  sortBy: "rank",
  isDescending: false,
};

/** The choice as the API takes it. */
export function queryOf({ search, contactable, minScore, sortBy, isDescending }: LeadChoice): LeadsQuery {
  return {
    ...(search.trim() === "" ? {} : { search: search.trim() }),
    ...(contactable === "all" ? {} : { contactable: contactable === "yes" }),
    ...(minScore > 0 ? { minScore } : {}),
    ...(sortBy === "rank" && !isDescending ? {} : { sort: `${isDescending ? "-" : ""}${sortBy}` }),
  };
}

/** Words begin with A and ranks with the best; of everything else one wants the most. */
const upFirst: ReadonlySet<LeadSortKey> = new Set(["rank", "login", "name", "company", "location"]);

/** What a click on a column's head comes to: that column, or the other way round. */
export function sortedBy(choice: LeadChoice, sortBy: LeadSortKey): LeadChoice {
  const isDescending = choice.sortBy === sortBy ? !choice.isDescending : !upFirst.has(sortBy);
  return { ...choice, sortBy, isDescending };
}
