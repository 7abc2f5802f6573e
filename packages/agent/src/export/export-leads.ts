import type { AgentContext, JobSpec, Lead } from "@cmo/engine";
import type { LeadAgentOptions } from "../lead-agent.ts";
import { distributionOf } from "./distribution.ts";
import { type JudgedPerson, leadOf, rankLeads } from "./rank-leads.ts";

/** Ranks and stores the leads and describes the native files; the export stage from its start to its end. */
export async function exportLeads(
  people: readonly JudgedPerson[],
  spec: JobSpec,
  context: AgentContext,
  { exporters, measure, digest }: LeadAgentOptions,
): Promise<void> {
  const stage = context.stage("export");
  stage.start({ itemsTotal: exporters.length });
  const firstSeen = await context.firstSeen(people.map(({ profile }) => profile.id));
  const { people: ranked, overTarget } = rankLeads(people, spec);
  const leads = ranked.map((person, index) => leadOf(person, index + 1, spec, firstSeen));
  await context.writeLeads(leads);
  const contactable = leads.filter((lead) => lead.contactable).length;

  for (const [index, exporter] of exporters.entries()) {
    // Those who may be contacted have the first ranks.
    const rows = exporter.rows === "all" ? leads : leads.slice(0, contactable);
    const { bytes, digest: hash } = await measure(exporter, () => iterate(rows), rows.length, digest);
    context.artifact({
      kind: exporter.kind,
      name: exporter.fileName(context.jobId),
      mediaType: exporter.mediaType,
      bytes,
      rows: rows.length,
      digest: hash,
      partial: context.partial,
    });
    stage.progress({ itemsProcessed: index + 1, itemsTotal: exporters.length, currentItem: exporter.kind });
  }

  const counts = {
    leads: leads.length,
    leads_with_email: leads.filter((lead) => lead.email !== null).length,
    contactable,
  };
  if (contactable < spec.targetLeads && !context.partial) {
    context.warn(
      "data.target_not_met",
      `Only ${contactable} of ${spec.targetLeads} contactable leads were to be found. Widen stars_range, activity_days, topics or languages to find more.`,
    );
  }
  context.metric(counts);
  stage.complete({
    counts,
    drops: overTarget === 0 ? {} : { over_target: overTarget },
    distributions: {
      companies: distributionOf(leads.map((lead) => lead.company)),
      locations: distributionOf(leads.map((lead) => lead.location)),
    },
  });
}

async function* iterate(leads: readonly Lead[]): AsyncGenerator<Lead, void, undefined> {
  yield* leads;
}
