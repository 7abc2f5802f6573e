import type { Lead, LeadFilter } from "@cmo/engine";
import { textOf } from "./column.ts";
import type { Connection } from "./connection.ts";
import { parseStored } from "./stored-json.ts";

/** Puts these leads in the place of all that the job has. Inside a transaction of the caller. */
export function replaceLeads(connection: Connection, ordinal: number, leads: readonly Lead[]): void {
  connection.run("DELETE FROM lead WHERE job = ?", [ordinal]);
  connection.insert(
    "INSERT INTO lead (job, rank, contactable, lead)",
    leads.map((lead) => [ordinal, lead.rank, lead.contactable ? 1 : 0, JSON.stringify(lead)]),
  );
}

/** A page of a job's leads, by rank. */
export function selectLeads(
  connection: Connection,
  ordinal: number,
  { afterRank, limit, contactable }: LeadFilter,
): readonly Lead[] {
  const rows =
    contactable === undefined
      ? connection.all(selectAll, [ordinal, afterRank, limit])
      : connection.all(selectContactable, [ordinal, contactable ? 1 : 0, afterRank, limit]);
  return rows.map(([lead]) => parseStored<Lead>(textOf(lead)));
}

const selectAll = "SELECT lead FROM lead WHERE job = ? AND rank > ? ORDER BY rank, id LIMIT ?";
const selectContactable =
  "SELECT lead FROM lead WHERE job = ? AND contactable = ? AND rank > ? ORDER BY rank, id LIMIT ?";
