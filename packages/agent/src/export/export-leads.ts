import { type AgentContext, toCmoError } from "@cmo/engine";
import type { LeadAgentOptions } from "../lead-agent.ts";
import type { RankedPerson } from "../scoring/score-people.ts";
import { type ExportedCounts, type WriteLeadsOptions, writeLeads } from "./write-leads.ts";

/** What {@link exportLeads} needs. */
export interface ExportOptions extends WriteLeadsOptions {
  agent: LeadAgentOptions;
  /** What the leads came to before an interruption; null when they are still to be written. */
  exported: ExportedCounts | null;
  /** Keeps a checkpoint: the leads are written. */
  save(exported: ExportedCounts): Promise<void>;
}

/** How often the leads are written again because somebody was suppressed while they were measured. */
const mostWrites = 3;

/** Ranks and stores the leads and describes the native files; the export stage from its start to its end. */
export async function exportLeads(people: readonly RankedPerson[], options: ExportOptions): Promise<void> {
  const { spec, context, agent } = options;
  const stage = context.stage("export");
  stage.start({ itemsTotal: agent.exporters.length });
  const { exported, files } = await writeAndMeasure(people, options);
  const { leads, withEmail, contactable, overTarget, suppressed, companies, locations } = exported;
  for (const file of files) context.artifact(file);

  const counts = { leads, leads_with_email: withEmail, contactable };
  if (contactable < spec.targetLeads && !context.partial) {
    context.warn(
      "data.target_not_met",
      `Only ${contactable} of ${spec.targetLeads} contactable leads were to be found. Widen stars_range, activity_days, topics or languages to find more.`,
    );
  }
  context.metric(counts);
  stage.complete({
    counts,
    drops: {
      ...(overTarget === 0 ? {} : { over_target: overTarget }),
      ...(suppressed === 0 ? {} : { suppressed }),
    },
    distributions: { companies, locations },
  });
}

type LeadFile = Parameters<AgentContext["artifact"]>[0];

async function writeAndMeasure(
  people: readonly RankedPerson[],
  options: ExportOptions,
): Promise<{ exported: ExportedCounts; files: readonly LeadFile[] }> {
  let { exported } = options;
  for (let writes = 1; ; writes += 1) {
    if (exported === null) {
      exported = await writeLeads(people, options);
      await options.save(exported);
    }
    try {
      return { exported, files: await measureFiles(exported, options) };
    } catch (error) {
      // Files hold nobody who has been suppressed since the leads were written: then they are not as many any more.
      if (writes === mostWrites || toCmoError(error).code !== "export_failed") throw error;
      exported = null;
    }
  }
}

async function measureFiles(
  { leads, contactable }: ExportedCounts,
  { context, agent }: ExportOptions,
): Promise<readonly LeadFile[]> {
  const stage = context.stage("export");
  const { exporters, measure, digest } = agent;
  const files: LeadFile[] = [];
  for (const exporter of exporters) {
    const selection = exporter.rows === "all" ? {} : { contactable: true };
    const rows = exporter.rows === "all" ? leads : contactable;
    const { bytes, digest: hash } = await measure(exporter, () => context.leads(selection), rows, digest);
    files.push({
      kind: exporter.kind,
      name: exporter.fileName(context.jobId),
      mediaType: exporter.mediaType,
      bytes,
      rows,
      digest: hash,
      partial: context.partial,
    });
    stage.progress({
      itemsProcessed: files.length,
      itemsTotal: exporters.length,
      currentItem: exporter.kind,
    });
  }
  return files;
}
