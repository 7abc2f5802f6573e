import type { Lead } from "../lead/lead.ts";
import type { Store } from "../port/store.ts";
import type { LeadQuery, LeadScreen } from "./read-leads.ts";

// A chunk of its own, loaded at the first call, as `memory-on-demand.ts` is.

/** Which leads a page holds. */
export type LeadPageQuery = LeadQuery & {
  /** How many of the stored leads come before the page. Default 0. */
  readonly offset?: number;
  /** 1 to 10,000. */
  readonly limit: number;
};

/** A page of a job's leads. */
export interface LeadPage {
  /** Without those who have been suppressed since: there may be fewer than the limit, or none, before the end too. */
  readonly leads: readonly Lead[];
  /** The offset of the next page; null at the end. */
  readonly next: number | null;
  /** How many leads are stored and meant: at most so many are given by all pages together. */
  readonly total: number;
}

/** The page; `screen` is asked once. */
export async function readLeadPage(
  { readLeads, countLeads }: Pick<Store, "readLeads" | "countLeads">,
  screen: LeadScreen,
  jobId: string,
  { offset = 0, limit, sort, ...selection }: LeadPageQuery,
): Promise<LeadPage> {
  const order = sort === undefined ? {} : { sort };
  const stored = await readLeads(jobId, { ...selection, ...order, skip: offset, limit });
  const total = await countLeads(jobId, selection);
  const end = offset + stored.length;
  return { leads: await screen(stored), next: stored.length > 0 && end < total ? end : null, total };
}
