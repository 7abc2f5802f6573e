import type { CampaignService, ServedFile } from "@cmo/contract";
import type { Lead } from "@cmo/engine";
import { findLeadExporter, leadJson } from "@cmo/exporters";
import { readLeadSlice } from "../export/render-leads.ts";
import { ownJob } from "./own-job.ts";
import { pageSizeOf } from "./page-size.ts";
import { readLeadCount, readLeadQuery } from "./read-lead-query.ts";
import { renderGathered } from "./render-gathered.ts";
import type { ServiceParts } from "./service-parts.ts";

/** The leads of jobs. */
export function leadMethods(parts: ServiceParts): Pick<CampaignService, "leads" | "leadsFile"> {
  const { engine } = parts.runtime;
  return {
    async leads(jobId, { offset, limit, ...selection } = {}) {
      const page = {
        ...readLeadQuery(selection),
        offset: readLeadCount(offset, "offset", 0),
        limit: pageSizeOf(limit, 100),
      };
      await ownJob(parts, jobId);
      const { leads, next, total } = await engine.leadPage(jobId, page);
      return { leads: [...leads], next, total };
    },
    async leadsFile(jobId, format, { skip, limit, ...selection } = {}): Promise<ServedFile> {
      const slice = {
        ...readLeadQuery(selection),
        skip: readLeadCount(skip, "skip", 0),
        limit: readLeadCount(limit, "limit", Number.POSITIVE_INFINITY),
      };
      const exporter = format === "ndjson" ? null : findLeadExporter(format);
      await ownJob(parts, jobId);
      if (exporter === null) {
        return { mediaType: "application/x-ndjson", pieces: lines(readLeadSlice(engine, jobId, slice)) };
      }
      const wanted = exporter.rows === "contactable" ? { ...slice, contactable: true } : slice;
      return {
        mediaType: exporter.mediaType,
        pieces: renderGathered(exporter, () => readLeadSlice(engine, jobId, wanted)),
      };
    },
  };
}

async function* lines(leads: AsyncIterable<Lead>): AsyncGenerator<string> {
  for await (const lead of leads) yield `${leadJson(lead)}\n`;
}
