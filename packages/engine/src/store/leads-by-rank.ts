import type { Lead } from "../lead/lead.ts";
import type { LeadFilter } from "../port/lead-filter.ts";

/** A page of leads in the order of their ranks: the part of the rule that every run needs. Looks at no other selection. */
export function leadsByRank(
  leads: readonly Lead[],
  { contactable, afterRank = 0, skip = 0, limit }: LeadFilter,
): Lead[] {
  return leads
    .filter((lead) => lead.rank > afterRank && (contactable ?? lead.contactable) === lead.contactable)
    .sort((a, b) => a.rank - b.rank)
    .slice(skip, skip + limit);
}
