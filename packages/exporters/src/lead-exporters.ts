import { CmoError, type LeadExporter } from "@cmo/engine";
import { csvExporter } from "./csv/csv-exporter.ts";
import { jsonExporter } from "./json/json-exporter.ts";
import { attioExporter } from "./preset/attio-exporter.ts";
import { hubspotExporter } from "./preset/hubspot-exporter.ts";
import { salesforceExporter } from "./preset/salesforce-exporter.ts";

/** Every exporter: the native files first, then the presets. */
export const leadExporters: readonly LeadExporter[] = [
  jsonExporter,
  csvExporter,
  hubspotExporter,
  salesforceExporter,
  attioExporter,
];

/**
 * The exporter called `id`.
 *
 * @throws CmoError `usage` when there is none, naming those that are.
 */
export function findLeadExporter(id: string): LeadExporter {
  const found = leadExporters.find((exporter) => exporter.id === id);
  if (found !== undefined) return found;
  throw new CmoError("usage", `There is no export format ${JSON.stringify(id)}.`, {
    hint: `Use one of: ${leadExporters.map((exporter) => exporter.id).join(", ")}.`,
  });
}
