import type { ChangedLead, MovedLead } from "@cmo/contract";
import type { Lead } from "@cmo/engine";
import { compareLeads, leadDigest, personOf } from "./compare-leads.ts";

/** What differs between two lists of leads. */
export interface LeadsDiff {
  /** How many leads each list has. */
  readonly countA: number;
  readonly countB: number;
  readonly unchanged: number;
  readonly added: Some<Lead>;
  readonly gone: Some<Lead>;
  readonly changed: Some<ChangedLead>;
  readonly moved: Some<MovedLead>;
}

/** The first of them, and how many there are. */
export interface Some<T> {
  readonly count: number;
  readonly leads: readonly T[];
}

/** What {@link diffLeads} compares. */
export interface LeadsToDiff {
  /** Gives the leads by rank, from the first on each time it is called. */
  readonly a: () => AsyncIterable<Lead>;
  readonly b: () => AsyncIterable<Lead>;
  /** At most so many of each kind are told; all are counted. */
  readonly limit: number;
}

/**
 * Compares two lists by node id. Each is read through once; of the first, an id, a rank and a digest are kept in mind
 * for each lead, about 200 bytes, and those that are told are read again. Added, changed and moved leads are in the
 * order of the second list, those that are gone in that of the first.
 */
export async function diffLeads({ a, b, limit }: LeadsToDiff): Promise<LeadsDiff> {
  const left = new Map<string, { readonly rank: number; readonly digest: string }>();
  for await (const lead of a()) left.set(lead.nodeId, { rank: lead.rank, digest: leadDigest(lead) });
  const countA = left.size;

  const added = some<Lead>(limit);
  const moved = some<MovedLead>(limit);
  const differing = some<Lead>(limit);
  let countB = 0;
  let unchanged = 0;
  for await (const lead of b()) {
    countB += 1;
    const before = left.get(lead.nodeId);
    left.delete(lead.nodeId);
    if (before === undefined) added.add(lead);
    else if (before.digest !== leadDigest(lead)) differing.add(lead);
    else if (before.rank === lead.rank) unchanged += 1;
    else moved.add({ ...personOf(lead), rankA: before.rank, rankB: lead.rank });
  }

  const goneIds = new Set([...left.keys()].slice(0, limit));
  const again = await readAgain(a, new Set([...goneIds, ...differing.leads.map(({ nodeId }) => nodeId)]));
  return {
    countA,
    countB,
    unchanged,
    added: { count: added.count(), leads: added.leads },
    // Whoever was suppressed between the two readings is told of no more.
    gone: { count: left.size, leads: [...goneIds].flatMap((id) => again.get(id) ?? []) },
    changed: {
      count: differing.count(),
      leads: differing.leads.flatMap((lead) => {
        const before = again.get(lead.nodeId);
        return before === undefined ? [] : [changedLead(before, lead)];
      }),
    },
    moved: { count: moved.count(), leads: moved.leads },
  };
}

function changedLead(before: Lead, after: Lead): ChangedLead {
  return {
    ...personOf(after),
    rankA: before.rank,
    rankB: after.rank,
    ...compareLeads(before, after),
  };
}

/** These leads; reads no further than to the last of them. */
async function readAgain(
  leads: () => AsyncIterable<Lead>,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Lead>> {
  const found = new Map<string, Lead>();
  if (wanted.size === 0) return found;
  for await (const lead of leads()) {
    if (wanted.has(lead.nodeId)) found.set(lead.nodeId, lead);
    if (found.size === wanted.size) break;
  }
  return found;
}

function some<T>(limit: number) {
  const leads: T[] = [];
  let count = 0;
  return {
    leads,
    count: () => count,
    add(lead: T) {
      count += 1;
      if (leads.length < limit) leads.push(lead);
    },
  };
}
