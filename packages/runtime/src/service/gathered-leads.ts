import type { Lead } from "@cmo/engine";
import { openSpool } from "./spool.ts";

/** Leads that were read once, and are as many as there were then, whatever becomes of them in the store. */
export interface GatheredLeads {
  readonly count: number;
  /** Gives them in the order in which they were read; once. */
  read(): AsyncIterable<Lead>;
  close(): Promise<void>;
}

/** So many are held in memory; what comes after them is put aside. About 4 MB. */
const heldLeads = 1_000;

/** Reads leads to their end, in bounded memory. The caller closes what it gets. */
export async function gatherLeads(leads: AsyncIterable<Lead>): Promise<GatheredLeads> {
  const held: Lead[] = [];
  const spool = openSpool();
  let count = 0;
  try {
    for await (const lead of leads) {
      count += 1;
      if (count <= heldLeads) held.push(lead);
      else await spool.write(JSON.stringify(lead));
    }
  } catch (error) {
    await spool.close();
    throw error;
  }
  return {
    count,
    async *read() {
      yield* held;
      // Written a moment ago by this very process, from a lead.
      for await (const line of spool.lines()) yield JSON.parse(line) as Lead;
    },
    close: () => spool.close(),
  };
}
