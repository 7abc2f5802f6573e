import type { Engine, Lead, LeadQuery } from "@cmo/engine";
import { findLeadExporter, leadJson } from "@cmo/exporters";

/** Which leads are meant, in which order, and which part of them. */
export interface LeadSlice extends LeadQuery {
  /** How many of them are passed over. Default 0. */
  skip?: number | undefined;
  /** At most so many. Default: all. */
  limit?: number | undefined;
}

/** Which leads are rendered, and how. */
export interface RenderLeadsOptions extends LeadSlice {
  engine: Pick<Engine, "leads">;
  jobId: string;
  /** `json`, `csv`, a preset, or `ndjson`: the leads of `json`, one a line. */
  format: string;
}

/**
 * A job's leads as a file of that format, in pieces of text and in bounded memory; the same bytes as its export when
 * nothing is left out. @throws CmoError `usage` for an unknown format, `not_found`.
 */
export async function* renderLeads(options: RenderLeadsOptions): AsyncGenerator<string> {
  const { engine, jobId, format, ...slice } = options;
  if (format === "ndjson") {
    for await (const lead of readLeadSlice(engine, jobId, slice)) yield `${leadJson(lead)}\n`;
    return;
  }
  const exporter = findLeadExporter(format);
  const wanted = exporter.rows === "contactable" ? { ...slice, contactable: true } : slice;
  let count = 0;
  for await (const _lead of readLeadSlice(engine, jobId, wanted)) count += 1;
  yield* exporter.render(readLeadSlice(engine, jobId, wanted), count);
}

/** Those leads, counted after everybody who was suppressed since has been left out. @throws CmoError `not_found`. */
export async function* readLeadSlice(
  engine: Pick<Engine, "leads">,
  jobId: string,
  { skip = 0, limit = Number.POSITIVE_INFINITY, ...query }: LeadSlice,
): AsyncGenerator<Lead> {
  if (limit <= 0) return;
  let count = 0;
  for await (const lead of engine.leads(jobId, query)) {
    count += 1;
    if (count > skip) yield lead;
    if (count >= skip + limit) return;
  }
}
