import type { Lead, LeadExporter } from "@cmo/engine";
import { gatherLeads } from "./gathered-leads.ts";

/**
 * Leads as a file of that format. A file may begin with their number, and others may be found, suppressed or erased
 * while it is read: so they are gathered first, when the first piece is asked for.
 */
export async function* renderGathered(
  exporter: LeadExporter,
  leads: () => AsyncIterable<Lead>,
): AsyncGenerator<string> {
  const gathered = await gatherLeads(leads());
  try {
    yield* exporter.render(gathered.read(), gathered.count);
  } finally {
    await gathered.close();
  }
}
