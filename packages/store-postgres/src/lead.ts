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
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** Takes all leads of these jobs out that are there. */
export function clearLeadsPart(ordinals: readonly number[]): Part {
  return (value) => `DELETE FROM @.lead WHERE job = ANY(${value(ordinals)}::bigint[])`;
}

/** A lead on its way into a job, with the JSON text that it is to be stored as. */
export interface NewLead {
  readonly ordinal: number;
  readonly lead: Lead;
  readonly text: string;
}

/** Puts leads in beside those that are there. */
export function leadPart(leads: readonly NewLead[]): Part {
  const rows = leads.map(({ lead, text }) => [lead.rank, ...keyValues(lead), text]);
  return (value) => {
    const jobs = value(leads.map(({ ordinal }) => ordinal));
    const given = columnsOf(rows).map((column, index) => `${value(column)}::${types[index]}[]`);
    return `INSERT INTO @.lead (job, ${columns.join(", ")})
      SELECT job, ${columns.join(", ")} FROM unnest(${jobs}::bigint[], ${given.join(", ")})
        WITH ORDINALITY AS given (job, ${columns.join(", ")}, place) ORDER BY place`;
  };
}

/** Puts another lead in the place of one. */
export async function rewriteLead(session: Session, id: number, text: string): Promise<void> {
  const lead = parseStored<Lead>(text);
  await session.run(updateRow, [id, lead.rank, ...keyValues(lead), text]);
}

/** A page of a job's leads. */
export async function selectLeads(
  session: Session,
  jobId: string,
  filter: LeadFilter,
): Promise<readonly Lead[]> {
  const { afterRank = 0, skip = 0, limit, sort } = filter;
  const values: ColumnValue[] = [jobId, afterRank, limit, skip];
  const selected = selectionOf(filter, values);
  const order = sort === undefined ? "rank" : orderBy(sort.by, sort.descending);
  // Which rows first, by their small columns; then their JSON, of the page alone.
  const rows = await session.all(
    `SELECT lead FROM (
        SELECT id FROM @.lead WHERE job = ${ofJob} AND rank > $2${selected} ORDER BY ${order}, id LIMIT $3 OFFSET $4
      ) AS page JOIN @.lead USING (id) ORDER BY ${order}, id`,
    values,
  );
  return rows.map(([lead]) => readLeadText(jobId, lead));
}

/** How many leads of a job are meant. */
export async function countLeads(session: Session, jobId: string, selection: LeadSelection): Promise<number> {
  const values: ColumnValue[] = [jobId];
  const selected = selectionOf(selection, values);
  const row = await session.first(`SELECT count(*) FROM @.lead WHERE job = ${ofJob}${selected}`, values);
  return numberOf(row?.[0]);
}

/** The key of the job whose id is the first value. */
const ofJob = "(SELECT ordinal FROM @.job WHERE job.id = $1)";

const typeOf = (column: (typeof leadKeyColumns)[number]): string => {
  if (column === "contactable") return "smallint";
  return ["last_active_at", ...searchedLeadColumns].includes(column) ? "text" : "double precision";
};
const columns = ["rank", ...leadKeyColumns, "lead"];
const types = ["double precision", ...leadKeyColumns.map(typeOf), "text"];
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
