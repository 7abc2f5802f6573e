import type { AbsentLead, ChangedLead, Difference, JobDiff, KnownPerson } from "@cmo/contract";
import { cleanText } from "@cmo/engine";
import { differingParts } from "../view/differing-parts.ts";
import { table } from "../view/table.ts";

/**
 * A difference for people, some lines for each part in which there is one. `width`: of the terminal, 0 for any; what
 * ends in words is never cut to it, since a narrow table leaves its last column out.
 */
export function diffReport(diff: JobDiff, width: number): string {
  const { a, b, spec, summary, quota, warnings, added, gone, changed, moved, known } = diff;
  const notes = [
    ...warnings.onlyA.map(({ code, message }) => ["A", code, message]),
    ...warnings.onlyB.map(({ code, message }) => ["B", code, message]),
  ];
  const parts = [
    table(sideColumns, [sideRow("A", a), sideRow("B", b)], width),
    `${countLine(diff)}\n`,
    section("In the campaign", differenceColumns, spec.map(differenceRow)),
    section("In the summary", differenceColumns, summary.map(differenceRow)),
    section("What was asked for it", differenceColumns, quota.map(differenceRow)),
    section("Warnings of one only", noteColumns, notes),
    section(titleOf("Added: only in B", added), absentColumns, added.leads.map(absentRow)),
    section(titleOf("Gone: only in A", gone), absentColumns, gone.leads.map(absentRow)),
    section(titleOf("Changed", changed), changedColumns, changed.leads.map(changedRow)),
    section(
      titleOf("Moved: another rank, and nothing else", moved),
      movedColumns,
      moved.leads.map(({ rankA, rankB, login, name }) => [String(rankA), String(rankB), login, name ?? ""]),
      width,
    ),
    known === undefined ? "" : `${knownLine(known)}\n`,
    section("Known people who changed", knownColumns, (known?.people ?? []).map(knownRow)),
  ];
  return parts.filter((text) => text !== "").join("\n");
}

/** Of a value, in characters; a table of differences has two of them in a line. */
const valueLength = 40;

type Columns = Parameters<typeof table>[0];

const sideColumns: Columns = [
  { title: "" },
  { title: "JOB" },
  { title: "NAME", most: 40 },
  { title: "STATUS" },
  { title: "LEADS", align: "right" },
  { title: "CREATED" },
];
const differenceColumns: Columns = [
  { title: "KEY" },
  { title: "A", most: valueLength },
  { title: "B", most: valueLength },
];
const noteColumns: Columns = [{ title: "IN" }, { title: "CODE" }, { title: "WARNING" }];
const absentColumns: Columns = [
  { title: "RANK", align: "right" },
  { title: "SCORE", align: "right" },
  { title: "LOGIN", most: 39 },
  { title: "WHY" },
];
const changedColumns: Columns = [
  { title: "RANK A", align: "right" },
  { title: "RANK B", align: "right" },
  { title: "LOGIN", most: 39 },
  { title: "WHAT" },
];
const movedColumns: Columns = [
  { title: "RANK A", align: "right" },
  { title: "RANK B", align: "right" },
  { title: "LOGIN", most: 39 },
  { title: "NAME", most: 28 },
];

const knownColumns: Columns = [{ title: "LOGIN", most: 39 }, { title: "WHAT" }];

function section(title: string, columns: Columns, rows: readonly (readonly string[])[], width = 0): string {
  if (rows.length === 0) return "";
  return `${title}\n${table(
    columns,
    rows.map((row) => row.map(cleanText)),
    width,
  )}`;
}

function titleOf(title: string, { count, leads }: { count: number; leads: readonly unknown[] }): string {
  return count === leads.length ? title : `${title} (${leads.length} of ${count}; more with --limit)`;
}

function sideRow(name: string, { jobId, name: campaign, status, leads, createdAt }: JobDiff["a"]): string[] {
  return [name, jobId, cleanText(campaign), status, String(leads), createdAt];
}

function countLine({ same, a, b, added, gone, changed, moved, unchanged }: JobDiff): string {
  const hidden = a.hidden + b.hidden;
  const left = hidden === 0 ? "" : ` Not compared, since suppressed: ${a.hidden} of A, ${b.hidden} of B.`;
  if (same) return `The same leads and the same summary.${left}`;
  const counts = [
    `${added.count} added`,
    `${gone.count} gone`,
    `${changed.count} changed`,
    `${moved.count} moved`,
    `${unchanged} the same`,
  ];
  return `Leads: ${counts.join(", ")}.${left}`;
}

function knownLine({ count, compared, changed, people }: NonNullable<JobDiff["known"]>): string {
  const more = people.length < changed ? ` (${people.length} of them here; more with --limit)` : "";
  return `B counts who is new from A: ${count} known met again, ${compared} compared, ${changed} changed${more}.`;
}

function knownRow({ login, fields }: KnownPerson): string[] {
  return [login, fields.map(fieldText).join("; ")];
}

function differenceRow({ key, a, b }: Difference): string[] {
  return [key, ...differingParts(valueText(a), valueText(b), valueLength)];
}

function absentRow({ person, lead, reason }: AbsentLead): string[] {
  return [
    lead === null ? "" : String(lead.rank),
    lead === null ? "" : lead.score.toFixed(1),
    person === null ? "(not told)" : person.login,
    reason.text,
  ];
}

function changedRow({ rankA, rankB, login, fields, signals }: ChangedLead): string[] {
  const changes = [
    ...signals.map(({ signal, a, b }) => {
      const [before, after] = [a?.points ?? 0, b?.points ?? 0];
      return before === after
        ? `${signal}: ${a?.evidence ?? "none"} -> ${b?.evidence ?? "none"}`
        : `${signal} ${before} -> ${after} (${(b ?? a)?.evidence ?? ""})`;
    }),
    ...fields.map(fieldText),
  ];
  return [String(rankA), String(rankB), login, changes.join("; ")];
}

function fieldText({ key, a, b }: Difference): string {
  const [before, after] = differingParts(valueText(a), valueText(b), valueLength);
  return `${key} ${short(before)} -> ${short(after)}`;
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function short(text: string): string {
  return text.length <= valueLength ? text : `${text.slice(0, valueLength - 1)}…`;
}
