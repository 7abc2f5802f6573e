import type { Lead, LeadSortKey } from "@cmo/engine";
import type { ColumnValue } from "./column.ts";

/** The columns that leads are selected and ordered by, beside the rank, in the order of {@link leadKeyValues}. */
export const leadKeyColumns = [
  "contactable",
  "score",
  "score_fit",
  "score_activity",
  "score_reachability",
  "followers",
  "commits",
  "last_active_at",
  "login",
  "name",
  "company",
  "location",
  "email",
  "bio",
] as const;

/** What goes into {@link leadKeyColumns}; texts with their ASCII letters in lower case. */
export function leadKeyValues(lead: Lead): ColumnValue[] {
  return [
    lead.contactable ? 1 : 0,
    lead.score,
    lead.scoreFit,
    lead.scoreActivity,
    lead.scoreReachability,
    lead.followers,
    lead.commits,
    ...[lead.lastActiveAt, lead.login, lead.name, lead.company, lead.location, lead.email, lead.bio].map(
      (text) => (text === null ? null : asciiLowerCase(text)),
    ),
  ];
}

/** Where each sort key of a lead stands. */
export const leadColumnOf: Readonly<Record<LeadSortKey, "rank" | (typeof leadKeyColumns)[number]>> = {
  rank: "rank",
  login: "login",
  name: "name",
  company: "company",
  location: "location",
  score: "score",
  scoreFit: "score_fit",
  scoreActivity: "score_activity",
  scoreReachability: "score_reachability",
  followers: "followers",
  commits: "commits",
  lastActiveAt: "last_active_at",
};

/** The columns that a search looks into. */
export const searchedLeadColumns = ["login", "name", "email", "company", "location", "bio"] as const;

/** ASCII letters only, as the port says that leads are searched and sorted. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
