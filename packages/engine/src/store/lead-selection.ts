import type { Lead } from "../lead/lead.ts";
import type { LeadFilter, LeadSelection } from "../port/lead-filter.ts";
import { asciiLowerCase } from "./ascii-lower-case.ts";
import { compareText } from "./compare-text.ts";

/** The rule that every store follows: which of the leads a page holds, and in which order. Pure. */
export function selectLeads(
  leads: readonly Lead[],
  { afterRank = 0, skip = 0, limit, sort, ...selection }: LeadFilter,
): Lead[] {
  const { by, descending } = sort ?? { by: "rank", descending: false };
  const sign = descending ? -1 : 1;
  const later = leads.filter((lead) => lead.rank > afterRank);
  return matchingLeads(later, selection)
    .sort((a, b) => compareValues(a[by], b[by], sign) || a.rank - b.rank)
    .slice(skip, skip + limit);
}

/** The leads that are meant, in the order in which they were given. */
export function matchingLeads(
  leads: readonly Lead[],
  { contactable, minScore = -Infinity, search = "" }: LeadSelection,
): Lead[] {
  const wanted = asciiLowerCase(search);
  return leads.filter(
    (lead) =>
      (contactable ?? lead.contactable) === lead.contactable &&
      lead.score >= minScore &&
      (wanted === "" ||
        [lead.login, lead.name, lead.email, lead.company, lead.location, lead.bio].some((text) =>
          asciiLowerCase(text ?? "").includes(wanted),
        )),
  );
}

function compareValues(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * compareText(asciiLowerCase(String(a)), asciiLowerCase(String(b)));
}
