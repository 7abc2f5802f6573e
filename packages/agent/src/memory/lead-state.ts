import type { JobSpec } from "@cmo/engine";
import { type DiscoveryCursor, discoveryBegin } from "../discovery/discover.ts";
import type { ExportedCounts } from "../export/write-leads.ts";
import { type LedgerCounts, noLedgerCounts } from "../extraction/people-ledger.ts";
import { noReportCounts, type ReportCounts } from "../pipeline/stage-reports.ts";

/**
 * Where a job stands at a checkpoint: all that going on needs beside the records. JSON, and of a size that does not
 * grow with what was done. A pure function of the stored results before it.
 */
export interface LeadState {
  /** Of this shape and of the records'. */
  readonly version: typeof stateVersion;
  /** How many pages were committed. */
  readonly pages: number;
  readonly cursor: DiscoveryCursor;
  readonly ledger: LedgerCounts;
  readonly reports: ReportCounts;
  /** How many people were judged and did not opt out. */
  readonly willing: number;
  /** How many of them were scored. */
  readonly scored: number;
  /** What the leads came to; null before they are written. */
  readonly exported: ExportedCounts | null;
}

const stateVersion = 1;

/** The state of a job of which nothing was done. */
export function leadBegin(spec: JobSpec): LeadState {
  return {
    version: stateVersion,
    pages: 0,
    cursor: discoveryBegin(spec),
    ledger: noLedgerCounts,
    reports: noReportCounts,
    willing: 0,
    scored: 0,
    exported: null,
  };
}

/** The state that an earlier pass kept; null for none, and for one of another version, whose work is gone over again. */
export function readLeadState(restored: unknown): LeadState | null {
  return isLeadState(restored) ? restored : null;
}

/** Only this agent writes its state: the version says what is in it. */
function isLeadState(restored: unknown): restored is LeadState {
  return (
    typeof restored === "object" &&
    restored !== null &&
    "version" in restored &&
    restored.version === stateVersion
  );
}
