import type { Agent, Digest, JobSpec, Lead, LeadExporter, MailPort, Source } from "@cmo/engine";
import { estimateCampaign } from "./estimate.ts";
import { createLeadPeople } from "./people/lead-people.ts";
import { runLeadAgent } from "./run-lead-agent.ts";

/** Where a job's answers come from. */
export interface LeadSources {
  readonly source: Source;
  readonly mail: MailPort;
  /**
   * What the source's answers depend on beside what is asked and what its credentials may see: its host and the tenant,
   * say. Jobs with the same scope use each other's answers; without one, or with null, every job asks for itself.
   */
  readonly cacheScope?: string | null;
  /** The same for answers about domains: the tenant, and who answers. */
  readonly mailScope?: string | null;
  /**
   * No answer of another job that is used may be older. 0: none is used, but others may use those of this job. Absent
   * or null: as old as an answer of its kind may be.
   */
  readonly cacheMaxAgeMs?: number | null;
}

/** Measures a lead file without keeping it: its size in bytes, and the digest of its comparable form. */
export type MeasureExport = (
  exporter: LeadExporter,
  leads: () => AsyncIterable<Lead>,
  count: number,
  digest: Digest,
) => Promise<{ bytes: number; rows: number; digest: string }>;

/** What the lead agent is made of. */
export interface LeadAgentOptions {
  /** The source and the mail port of a job; called once for each run of it, and never for a dry one. */
  openSources(spec: JobSpec, job: { readonly tenant: string }): LeadSources | Promise<LeadSources>;
  /** The native files that the export stage describes (`leads_json`, `leads_csv`). */
  exporters: readonly LeadExporter[];
  measure: MeasureExport;
  digest: Digest;
}

/** The stages of the lead agent, in order. */
export const leadStages = [
  "discovery",
  "extraction",
  "enrichment",
  "validation",
  "scoring",
  "export",
] as const;

/** The version of the agent: it grows whenever the same answers would give other leads (`resultDecisions`). */
export const leadAgentVersion = "1.0.0";

/** The agent that finds, enriches, judges and ranks maintainers, in six stages. */
export function createLeadAgent(options: LeadAgentOptions): Agent {
  return {
    name: "leads",
    version: leadAgentVersion,
    plan: () => [...leadStages],
    run: (spec, context) => runLeadAgent(spec, context, options),
    estimate: estimateCampaign,
    people: createLeadPeople(),
  };
}
