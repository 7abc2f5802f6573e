import type { Lead } from "../lead/lead.ts";

/** Renders leads as a file. A pure function of the leads it is given; the same for every path that asks. */
export interface LeadExporter {
  /** `json`, `csv`, or the name of a preset: `hubspot`. */
  readonly id: string;
  /** What an `artifact.created` event calls the file: `leads_json`, `leads_csv`, `leads_hubspot`. */
  readonly kind: string;
  readonly mediaType: string;
  /** Which leads it takes: native files hold all, flagged; files for other systems only those that may be contacted. */
  readonly rows: "all" | "contactable";
  /** The file's name: `<job_id>_leads.csv`. */
  fileName(jobId: string): string;
  /**
   * The file in pieces of text (UTF-8 when written), in bounded memory. `leads` come in rank order, already filtered
   * by `rows`; `count` is how many there are.
   */
  render(leads: AsyncIterable<Lead>, count: number): AsyncIterable<string>;
}
