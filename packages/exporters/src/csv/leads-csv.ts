import type { Lead } from "@cmo/engine";
import Papa from "papaparse";
import { createLeadCount } from "../lead-count.ts";
import { formulaStart } from "./formula-start.ts";

/** What a cell of a CSV file may hold: null is an empty cell. Numbers and booleans are never altered. */
export type CsvCell = string | number | boolean | null;

/**
 * Leads as CSV (RFC 4180: commas, CRLF after every row, quotes where needed), header first, in pieces of whole rows.
 * Text that a spreadsheet might run as a formula gets an apostrophe before it; halves of surrogate pairs, which UTF-8
 * cannot hold, become U+FFFD.
 *
 * @throws CmoError `export_failed` when the leads are not `count`.
 */
export async function* leadsCsv(
  leads: AsyncIterable<Lead>,
  count: number,
  header: readonly string[],
  toCells: (lead: Lead) => CsvCell[],
): AsyncGenerator<string> {
  const leadCount = createLeadCount(count);
  let rows: CsvCell[][] = [[...header]];
  for await (const lead of leads) {
    leadCount.add();
    rows.push(toCells(lead));
    if (rows.length === rowsPerPiece) {
      yield textOf(rows);
      rows = [];
    }
  }
  leadCount.end();
  if (rows.length > 0) yield textOf(rows);
}

/**
 * About 40 kB with leads as campaigns have them. Measured: text of more than 128 kB (a character that is wide makes all of
 * it wide) is never in the young generation, and costs memory and time.
 */
const rowsPerPiece = 20;

function textOf(rows: CsvCell[][]): string {
  const text = Papa.unparse(rows, { newline: "\r\n", escapeFormulae: formulaStart });
  return `${text}\r\n`.replace(loneSurrogates, "\uFFFD");
}

const loneSurrogates = /\p{Surrogate}/gu;
