import type { Lead, LeadFilter, LeadSelection, LeadSortKey } from "@cmo/engine";
import {
  asciiLowerCase,
  type ColumnValue,
  leadColumnOf,
  leadKeyColumns,
  leadKeyValues,
  numberOf,
  parseStored,
  readLeadText,
  searchedLeadColumns,
} from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** Takes all leads of a job out. Inside a transaction of the caller. */
export function clearLeads(connection: Connection, ordinal: number): void {
  connection.run("DELETE FROM lead_key WHERE job = ?", [ordinal]);
  connection.run("DELETE FROM lead WHERE job = ?", [ordinal]);
}

/** Puts leads in beside those that are there. Inside a transaction of the caller. */
export function insertLeads(connection: Connection, ordinal: number, leads: readonly Lead[]): void {
  insertLeadTexts(
    connection,
    ordinal,
    leads.map((lead) => ({ lead, text: JSON.stringify(lead) })),
  );
}

/** As {@link insertLeads}, with the JSON text that each is to be stored as. */
export function insertLeadTexts(
  connection: Connection,
  ordinal: number,
  leads: readonly { readonly lead: Lead; readonly text: string }[],
): void {
  if (leads.length === 0) return;
  const first = numberOf(connection.first("SELECT coalesce(max(id), 0) + 1 FROM lead")?.[0]);
  connection.insert(
    "INSERT INTO lead (id, job, rank, contactable, lead)",
    leads.map(({ lead, text }, index) => [first + index, ordinal, lead.rank, lead.contactable ? 1 : 0, text]),
  );
  connection.insert(
    `INSERT INTO lead_key (job, rank, lead, ${leadKeyColumns.join(", ")})`,
    leads.map(({ lead }, index) => [ordinal, lead.rank, first + index, ...leadKeyValues(lead)]),
  );
}

/** Puts another lead in the place of one. Inside a transaction of the caller. */
export function rewriteLead(connection: Connection, id: number, text: string): void {
  const lead = parseStored<Lead>(text);
  const [job, rank] = connection.first("SELECT job, rank FROM lead WHERE id = ?", [id]) ?? [];
  const place = [numberOf(job), numberOf(rank), id];
  connection.run("UPDATE lead SET rank = ?, contactable = ?, lead = ? WHERE id = ?", [
    lead.rank,
    lead.contactable ? 1 : 0,
    text,
    id,
  ]);
  connection.run(updateKey, [lead.rank, ...leadKeyValues(lead), ...place]);
}

/** Takes one lead out. Inside a transaction of the caller. */
export function deleteLead(connection: Connection, id: number): void {
  connection.run(
    "DELETE FROM lead_key WHERE (job, rank, lead) = (SELECT job, rank, id FROM lead WHERE id = ?)",
    [id],
  );
  connection.run("DELETE FROM lead WHERE id = ?", [id]);
}

/** A page of a job's leads. */
export function selectLeads(
  connection: Connection,
  { ordinal, jobId }: { readonly ordinal: number; readonly jobId: string },
  filter: LeadFilter,
): readonly Lead[] {
  const { afterRank = 0, skip = 0, limit, contactable, sort } = filter;
  const plain = filter.minScore === undefined && !filter.search;
  if (plain && (sort === undefined || (sort.by === "rank" && !sort.descending))) {
    const rows =
      contactable === undefined
        ? connection.all(leadPage, [ordinal, afterRank, limit, skip])
        : connection.all(contactableLeadPage, [ordinal, contactable ? 1 : 0, afterRank, limit, skip]);
    return rows.map(([lead]) => readLeadText(jobId, lead));
  }
  const selected = selectionOf(filter);
  const order = sort === undefined ? "rank" : orderBy(sort.by, sort.descending);
  return connection
    .all(
      `SELECT lead FROM lead_key WHERE job = ? AND rank > ?${selected.sql} ORDER BY ${order}, lead LIMIT ? OFFSET ?`,
      [ordinal, afterRank, ...selected.values, limit, skip],
    )
    .map(([id]) => readLeadText(jobId, connection.first(leadById, [numberOf(id)])?.[0]));
}

/** How many leads of a job are meant. */
export function countLeads(connection: Connection, ordinal: number, selection: LeadSelection): number {
  const { sql, values } = selectionOf(selection);
  const onlyByFlag = selection.minScore === undefined && !selection.search;
  const table = onlyByFlag ? "lead" : "lead_key";
  return numberOf(
    connection.first(`SELECT count(*) FROM ${table} WHERE job = ?${sql}`, [ordinal, ...values])?.[0],
  );
}

/** Along the index `lead_by_rank`; rows that are skipped are passed there, and not read. */
export const leadPage = "SELECT lead FROM lead WHERE job = ? AND rank > ? ORDER BY rank, id LIMIT ? OFFSET ?";
/** Along the index `lead_by_contactable`. */
export const contactableLeadPage =
  "SELECT lead FROM lead WHERE job = ? AND contactable = ? AND rank > ? ORDER BY rank, id LIMIT ? OFFSET ?";
const leadById = "SELECT lead FROM lead WHERE id = ?";

const updateKey = `UPDATE lead_key SET rank = ?, ${leadKeyColumns.map((column) => `${column} = ?`).join(", ")}
  WHERE job = ? AND rank = ? AND lead = ?`;

function selectionOf({ contactable, minScore, search }: LeadSelection) {
  const values: ColumnValue[] = [];
  let sql = "";
  if (contactable !== undefined) {
    sql += " AND contactable = ?";
    values.push(contactable ? 1 : 0);
  }
  if (minScore !== undefined) {
    sql += " AND score >= ?";
    values.push(minScore);
  }
  if (search) {
    const folded = asciiLowerCase(search);
    sql += ` AND (${searchedLeadColumns.map((column) => `instr(${column}, ?)`).join(" OR ")})`;
    values.push(...searchedLeadColumns.map(() => folded));
  }
  return { sql, values };
}

function orderBy(by: LeadSortKey, descending: boolean): string {
  const direction = descending ? "DESC" : "ASC";
  return by === "rank" ? `rank ${direction}` : `${leadColumnOf[by]} ${direction} NULLS LAST, rank`;
}
