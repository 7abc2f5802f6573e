import { CmoError, type Lead, type LeadExporter } from "@cmo/engine";
import { type CsvCell, leadsCsv } from "../csv/leads-csv.ts";
import { artifactName } from "../file/artifact-name.ts";
import { type ContactField, contactOf, contactValue } from "./contact-field.ts";

/** One column of a file for another system. */
interface PresetColumn {
  /** The name by which that system knows it. */
  readonly header: string;
  readonly field: ContactField;
  /** What stands in place of nothing, where that system demands something. */
  readonly whenEmpty?: string;
  /** The longest text that system takes, in characters; what is longer is cut. */
  readonly maximumLength?: number;
}

/** How another system wants its CSV file: data, no code. */
interface Preset {
  /** The exporter's id: `hubspot`. */
  readonly id: string;
  readonly columns: readonly PresetColumn[];
  /** Between the values of a list in one cell. */
  readonly listSeparator: string;
}

/**
 * An exporter that writes the contactable leads as CSV by a mapping of columns.
 * Its `render` throws `invariant_violated` when it meets a lead that may not be contacted: such a lead must never reach
 * a system that sends mail.
 */
export function createPresetExporter(preset: Preset): LeadExporter {
  const header = preset.columns.map((column) => column.header);
  return {
    id: preset.id,
    kind: `leads_${preset.id}`,
    mediaType: "text/csv; charset=utf-8",
    rows: "contactable",
    fileName: (jobId) => artifactName(jobId, `leads_${preset.id}.csv`),
    render: (leads, count) => leadsCsv(leads, count, header, (lead) => cellsOf(lead, preset)),
  };
}

function cellsOf(lead: Lead, { id, columns, listSeparator }: Preset): CsvCell[] {
  if (!lead.contactable || lead.email === null) {
    throw new CmoError("invariant_violated", `The ${id} file was given a lead that may not be contacted.`, {
      hint: "Give this exporter contactable leads only.",
    });
  }
  const contact = contactOf(lead);
  return columns.map((column) => {
    const value = contactValue(contact, column.field, listSeparator);
    const present =
      (typeof value === "string" && value.trim() === "" ? null : value) ?? column.whenEmpty ?? null;
    return typeof present === "string" ? cut(present, column.maximumLength) : present;
  });
}

/** By characters, so that no pair of surrogates is torn. */
function cut(text: string, maximumLength: number | undefined): string {
  if (maximumLength === undefined || text.length <= maximumLength) return text;
  return [...text].slice(0, maximumLength).join("");
}
