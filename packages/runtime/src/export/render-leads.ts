import type { Engine, Lead } from "@cmo/engine";
import { findLeadExporter } from "@cmo/exporters";

/** Which leads are rendered, and how. */
export interface RenderLeadsOptions {
  engine: Engine;
  jobId: string;
  /** `json`, `csv`, or a preset. */
  format: string;
  /** Only those who may be contacted; presets hold no others in any case. */
  contactable?: boolean;
  /** At most so many, by rank. Default: all. */
  limit?: number | undefined;
}

/**
 * A job's leads as a file of that format, in pieces of text and in bounded memory; the same bytes as its export when
 * nothing is left out. @throws CmoError `usage` for an unknown format, `not_found`.
 */
export async function* renderLeads(options: RenderLeadsOptions): AsyncGenerator<string> {
  const { engine, jobId, format, contactable = false, limit = Number.POSITIVE_INFINITY } = options;
  const exporter = findLeadExporter(format);
  const filter = contactable || exporter.rows === "contactable" ? { contactable: true } : {};
  let count = 0;
  for await (const _lead of atMost(engine.leads(jobId, filter), limit)) count += 1;
  yield* exporter.render(atMost(engine.leads(jobId, filter), limit), count);
}

async function* atMost(leads: AsyncIterable<Lead>, limit: number): AsyncGenerator<Lead> {
  let count = 0;
  if (limit <= 0) return;
  for await (const lead of leads) {
    yield lead;
    count += 1;
    if (count >= limit) return;
  }
}
