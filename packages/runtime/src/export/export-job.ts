import { join, resolve } from "node:path";
import { CmoError, type Engine, type Lead, type LeadExporter } from "@cmo/engine";
import {
  findLeadExporter,
  leadExporters,
  renderSummaryJson,
  summaryFileName,
  writeFileAtomically,
} from "@cmo/exporters";
import { writeNotedFiles } from "../people/write-noted-files.ts";

/** A file that was written. */
export interface ExportedFile {
  /** The folder as it was given, and the file's name. */
  path: string;
  /** How many leads it holds; null for the summary. */
  rows: number | null;
  bytes: number;
}

/** What {@link exportJob} writes, and where. */
export interface ExportJobOptions {
  engine: Engine;
  jobId: string;
  /** Made when it is missing. */
  directory: string;
  /** Formats beside the native ones: `hubspot`, `salesforce`, `attio`. */
  presets?: readonly string[];
  /** Whether the lead files are left out. Default false. */
  summaryOnly?: boolean;
  /** Gives it up between two pieces of a file: what was written before is whole, and nothing else is left. */
  signal?: AbortSignal;
  /** In place of the disk; the same promise as `writeFileAtomically`. */
  writeFile?: (path: string, pieces: AsyncIterable<string>) => Promise<{ bytes: number }>;
}

/** The formats that every export holds. */
const nativeFormats: readonly string[] = ["json", "csv"];

/**
 * Makes sure that formats may be asked for beside the native ones. @throws CmoError `usage`, naming those that may.
 */
export function checkPresets(presets: readonly string[]): void {
  const known = leadExporters.map((exporter) => exporter.id).filter((id) => !nativeFormats.includes(id));
  for (const preset of presets) {
    if (known.includes(preset)) continue;
    throw new CmoError("usage", `There is no preset ${JSON.stringify(preset)}.`, {
      hint: `Use one of ${known.join(", ")}; json and csv are always written.`,
    });
  }
}
/**
 * Renders a job's files from what is stored: `<job_id>_summary.json`, `_leads.json`, `_leads.csv`, and one for each
 * preset. Each file is whole or not there. The summary is rendered here, after the end, and is not listed in itself.
 * @throws CmoError `not_found`; `usage` for an unknown preset; `export_failed` when a file cannot be written;
 * `cancelled` after an abort.
 */
export async function exportJob(options: ExportJobOptions): Promise<{ files: ExportedFile[] }> {
  const { engine, jobId, directory, presets = [], signal } = options;
  const toDisk: typeof options.writeFile = (path, pieces) =>
    writeFileAtomically(path, pieces, signal === undefined ? {} : { signal });
  const { writeFile = toDisk } = options;
  const formats = options.summaryOnly === true ? [] : [...nativeFormats, ...presets];
  const exporters = [...new Set(formats)].map(findLeadExporter);
  const summaryPath = join(directory, summaryFileName(jobId));
  const pathOf = (exporter: LeadExporter) => join(directory, exporter.fileName(jobId));
  const noted = [
    { jobId, path: resolve(summaryPath), format: "summary" },
    ...exporters.map((exporter) => ({ jobId, path: resolve(pathOf(exporter)), format: exporter.id })),
  ];
  return writeNotedFiles(engine.store, noted, async () => {
    const files: ExportedFile[] = [];
    const summary = await engine.summary(jobId);
    const written = await writeFile(summaryPath, onePiece(renderSummaryJson(summary)));
    files.push({ path: summaryPath, rows: null, bytes: written.bytes });
    for (const exporter of exporters) {
      const path = pathOf(exporter);
      const rows = await countLeads(leadsFor(engine, jobId, exporter));
      const { bytes } = await writeFile(path, exporter.render(leadsFor(engine, jobId, exporter), rows));
      files.push({ path, rows, bytes });
    }
    return { files };
  });
}

function leadsFor(engine: Engine, jobId: string, exporter: LeadExporter): AsyncIterable<Lead> {
  return engine.leads(jobId, exporter.rows === "contactable" ? { contactable: true } : {});
}

async function countLeads(leads: AsyncIterable<Lead>): Promise<number> {
  let count = 0;
  for await (const _lead of leads) count += 1;
  return count;
}

async function* onePiece(text: string): AsyncGenerator<string> {
  yield text;
}
