import type { JobSpec, Lead } from "@cmo/engine";
import type { RankedPerson } from "../scoring/score-people.ts";
import { createTally } from "./distribution.ts";
import { leadOf, rankPeople } from "./rank-leads.ts";
import { type ReadPeopleOptions, readLeadPeople } from "./read-lead-people.ts";

/** What the leads of a job came to. JSON. */
export interface ExportedCounts {
  readonly leads: number;
  readonly withEmail: number;
  readonly contactable: number;
  /** Contactable people beyond the target. */
  readonly overTarget: number;
  /** People who were suppressed after they had been judged. */
  readonly suppressed: number;
  readonly companies: Readonly<Record<string, number>>;
  readonly locations: Readonly<Record<string, number>>;
}

/** What {@link writeLeads} needs. */
export interface WriteLeadsOptions extends ReadPeopleOptions {
  spec: JobSpec;
}

/** So many rows are made at once: few, since a page that lives long enough is collected late. */
const rowsAtOnce = 100;

/**
 * Stores the leads in their order, some at a time: those who may be contacted first, the best `targetLeads` of them,
 * then the others, flagged.
 */
export async function writeLeads(
  people: readonly RankedPerson[],
  options: WriteLeadsOptions,
): Promise<ExportedCounts> {
  const { spec, context } = options;
  const { contactable, others } = rankPeople(people);
  const companies = createTally();
  const locations = createTally();
  let leads = 0;
  let withEmail = 0;
  let chosen = 0;
  let overTarget = 0;
  let suppressed = 0;

  await context.writeLeads(rows());
  return {
    leads,
    withEmail,
    contactable: chosen,
    overTarget,
    suppressed,
    companies: companies.distribution(),
    locations: locations.distribution(),
  };

  async function* rows(): AsyncGenerator<Lead, void, undefined> {
    let next = 0;
    for (; next < contactable.length && chosen < spec.targetLeads; next += rowsAtOnce) {
      for (const person of await readPage(contactable, next, "exported")) {
        if (chosen === spec.targetLeads) overTarget += 1;
        else {
          chosen += 1;
          yield rowOf(person);
        }
      }
    }
    // Nothing is noted of those beyond the target: whoever is exported another time is new then.
    overTarget += Math.max(0, contactable.length - next);
    for (next = 0; next < others.length; next += rowsAtOnce) {
      for (const person of await readPage(others, next, "listed")) yield rowOf(person);
    }
  }

  async function readPage(ranked: readonly RankedPerson[], from: number, as: "exported" | "listed") {
    const page = ranked.slice(from, from + rowsAtOnce);
    const found = await readLeadPeople(page, as, options);
    suppressed += page.length - found.length;
    return found;
  }

  function rowOf(person: Parameters<typeof leadOf>[0]): Lead {
    leads += 1;
    const lead = leadOf(person, leads, spec);
    if (lead.email !== null) withEmail += 1;
    companies.add(lead.company);
    locations.add(lead.location);
    return lead;
  }
}
