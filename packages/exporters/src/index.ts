export { checkArtifactName } from "./file/artifact-name.ts";
export { renderSummaryJson, summaryFileName } from "./file/summary-file.ts";
export {
  type AtomicWriteOptions,
  removeTemporaryFiles,
  writeFileAtomically,
} from "./file/write-file-atomically.ts";
export { leadJson } from "./json/lead-json.ts";
export { findLeadExporter, leadExporters } from "./lead-exporters.ts";
export { type ExportMeasure, measureExport } from "./measure-export.ts";
