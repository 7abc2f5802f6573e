import type { Lead, LeadFilter, LeadSelection, LeadSortKey } from "@cmo/engine";
import {
  asciiLowerCase,
  type ColumnValue,
  leadColumnOf,
  leadKeyColumns,
  leadKeyValues,
  numberOf,
  parseStored,
  searchedLeadColumns,
  textOf,
} from "@cmo/store-sql";
import type { Session } from "./database.ts";

/** Takes all leads of a job out. */
export async function clearLeads(session: Session, ordinal: number): Promise<void> {
  await session.run("DELETE FROM @.lead WHERE job = $1", [ordinal]);
}

/** Puts leads in beside those that are there. */
export async function insertLeads(session: Session, ordinal: number, leads: readonly Lead[]): Promise<void> {
  await insertLeadTexts(
    session,
    ordinal,
    leads.map((lead) => ({ lead, text: JSON.stringify(lead) })),
  );
}

/** As {@link insertLeads}, with the JSON text that each is to be stored as. */
export async function insertLeadTexts(
  session: Session,
  ordinal: number,
  leads: readonly { readonly lead: Lead; readonly text: string }[],
): Promise<void> {
  if (leads.length === 0) return;
  const rows = leads.map(({ lead, text }) => [lead.rank, ...keyValues(lead), text]);
  await session.run(insertRows, [ordinal, ...columnsOf(rows)]);
}

/** Puts another lead in the place of one. */
export async function rewriteLead(session: Session, id: number, text: string): Promise<void> {
  const lead = parseStored<Lead>(text);
  await session.run(updateRow, [id, lead.rank, ...keyValues(lead), text]);
}

/** A page of a job's leads. */
export async function selectLeads(
  session: Session,
  ordinal: number,
  filter: LeadFilter,
): Promise<readonly Lead[]> {
  const { afterRank = 0, skip = 0, limit, sort } = filter;
  const values: ColumnValue[] = [ordinal, afterRank, limit, skip];
  const selected = selectionOf(filter, values);
  const order = sort === undefined ? "rank" : orderBy(sort.by, sort.descending);
  // Which rows first, by their small columns; then their JSON, of the page alone.
  const rows = await session.all(
    `SELECT lead FROM (
        SELECT id FROM @.lead WHERE job = $1 AND rank > $2${selected} ORDER BY ${order}, id LIMIT $3 OFFSET $4
      ) AS page JOIN @.lead USING (id) ORDER BY ${order}, id`,
    values,
  );
  return rows.map(([lead]) => parseStored<Lead>(textOf(lead)));
}

/** How many leads of a job are meant. */
export async function countLeads(
  session: Session,
  ordinal: number,
  selection: LeadSelection,
): Promise<number> {
  const values: ColumnValue[] = [ordinal];
  const selected = selectionOf(selection, values);
  const row = await session.first(`SELECT count(*) FROM @.lead WHERE job = $1${selected}`, values);
  return numberOf(row?.[0]);
}

const typeOf = (column: (typeof leadKeyColumns)[number]): string => {
  if (column === "contactable") return "smallint";
  return ["last_active_at", ...searchedLeadColumns].includes(column) ? "text" : "double precision";
};
const columns = ["rank", ...leadKeyColumns, "lead"];
const types = ["double precision", ...leadKeyColumns.map(typeOf), "text"];
const insertRows = `INSERT INTO @.lead (job, ${columns.join(", ")})
  SELECT $1::bigint, * FROM unnest(${types.map((type, index) => `$${index + 2}::${type}[]`).join(", ")})`;
const updateRow = `UPDATE @.lead SET ${columns.map((column, index) => `${column} = $${index + 2}`).join(", ")}
  WHERE id = $1`;

/** PostgreSQL has no text with a zero character; here texts are only searched and ordered by. */
function keyValues(lead: Lead): ColumnValue[] {
  return leadKeyValues(lead).map((value) =>
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value,
  );
}

function columnsOf(rows: readonly (readonly ColumnValue[])[]): ColumnValue[][] {
  return columns.map((_column, index) => rows.map((row) => row[index] ?? null));
}

/** Conditions, whose values are put behind those that are there. */
function selectionOf({ contactable, minScore, search }: LeadSelection, values: ColumnValue[]): string {
  let sql = "";
  if (contactable !== undefined) sql += ` AND contactable = $${values.push(contactable ? 1 : 0)}`;
  if (minScore !== undefined) sql += ` AND score >= $${values.push(minScore)}`;
  if (search) {
    const place = values.push(asciiLowerCase(search).replaceAll("\0", "\uFFFD"));
    sql += ` AND (${searchedLeadColumns.map((column) => `strpos(${column}, $${place}) > 0`).join(" OR ")})`;
  }
  return sql;
}

function orderBy(by: LeadSortKey, descending: boolean): string {
  const direction = descending ? "DESC" : "ASC";
  return by === "rank" ? `rank ${direction}` : `${leadColumnOf[by]} ${direction} NULLS LAST, rank`;
}
