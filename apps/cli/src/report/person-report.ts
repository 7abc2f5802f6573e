import type { PersonView } from "@cmo/contract";
import { cleanText, type PersonReport } from "@cmo/engine";
import { stringify } from "yaml";
import { counted, knownBy } from "./purge-report.ts";

/** Everything that is held about a person, in lines for people: job by job, then what belongs to none. */
export function personReport({ identity, records, files, suppressedBy }: PersonReport | PersonView): string {
  const jobs = [...new Set(records.map(({ jobId }) => jobId))];
  return [
    `Known by: ${cleanText(knownBy(identity))}\n`,
    suppressedBy.length === 0
      ? "Not on the suppression list.\n"
      : `On the suppression list, by: ${suppressedBy.map(({ kind }) => kindName[kind]).join(", ")}.\n`,
    records.length === 0 ? "Nothing is held about them.\n" : "",
    ...jobs.map((jobId) => ofJob(jobId, records)),
    files.length === 0
      ? ""
      : `\nFiles of jobs that have them as a lead, as far as they are known (${files.length}):\n`,
    ...files.map((file) => ("path" in file ? `  ${file.path}\n` : `  ${file.format} of ${file.jobId}\n`)),
  ].join("");
}

/** A server tells of its store in the same words, and may know of tables that this version does not. */
type PersonRecord = PersonView["records"][number];

const kindName = { login: "login", id: "id", email: "address", domain: "domain" } as const;

function ofJob(jobId: string | null, records: readonly PersonRecord[]): string {
  const own = records.filter((record) => record.jobId === jobId);
  const title = jobId === null ? "Outside of jobs" : `Job ${jobId}`;
  return `\n${title}: ${counted(own.length, "entry", "entries")}\n${own.map(entry).join("")}`;
}

function entry({ table, kind, key, fetchedAt, about }: PersonRecord): string {
  const what = `${tableName.get(table) ?? table}${kind === "" ? "" : ` ${kind}`} ${key}`.trimEnd();
  const from = fetchedAt === null ? "" : `, read from the source at ${fetchedAt}`;
  const text = stringify(about, { lineWidth: 0 })
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `    ${cleanLine(line)}\n`)
    .join("");
  return `  ${cleanText(what)}${from}\n${text}`;
}

/** Indentation is part of it; control characters are not. */
function cleanLine(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  return indent + cleanText(line);
}

const tableName: ReadonlyMap<string, string> = new Map(
  Object.entries({
    task_result: "answer",
    lead: "lead",
    event: "event",
    snapshot: "state",
    note: "note of a source",
    first_seen: "first seen in",
  } satisfies Record<PersonReport["records"][number]["table"], string>),
);
