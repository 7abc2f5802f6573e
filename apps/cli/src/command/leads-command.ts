import {
  CmoError,
  cleanText,
  type Lead,
  type LeadQuery,
  type LeadSortKey,
  leadSortKeys,
  nearestName,
} from "@cmo/engine";
import { type LeadSlice, readLeadSlice, renderLeads, type StoredRuntime } from "@cmo/runtime";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo leads` was told. */
export interface LeadsOptions extends StoreOptions {
  contactable: boolean;
  minScore?: number;
  search?: string;
  /** A key, with `-` before it for the greatest first. */
  sort?: string;
  desc: boolean;
  skip: number;
  limit?: number;
  format: "table" | "json" | "csv" | "ndjson";
}

/**
 * Prints a job's leads, by rank or as they are wanted, without anybody who has been suppressed since. JSON and CSV are
 * those of the files. @throws CmoError `usage` for a key that leads are not sorted by; `not_found`.
 */
export async function leadsCommand(
  jobId: string,
  options: LeadsOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const { format, skip, limit } = options;
  const slice: LeadSlice = { ...queryOf(options), skip, limit };
  return withKeptStore(options, context, async (runtime) => {
    const { status, finishedAt } = await findJob(runtime, jobId);
    if (finishedAt === null) {
      terminal.writeError(`The job is ${status}: its leads are there when it has ended.\n`);
    }
    if (format === "table") {
      await writeTable(jobId, slice, { runtime, context });
      return exitCode.done;
    }
    for await (const text of renderLeads({ engine: runtime.engine, jobId, format, ...slice })) {
      if (terminal.closed.aborted) break;
      await terminal.write(text);
    }
    return exitCode.done;
  });
}

function queryOf({ contactable, minScore, search, sort, desc }: LeadsOptions): LeadQuery {
  return {
    ...(contactable ? { contactable } : {}),
    ...(minScore === undefined ? {} : { minScore }),
    ...(search === undefined || search === "" ? {} : { search }),
    ...(sort === undefined && !desc ? {} : { sort: readSort(sort ?? "rank", desc) }),
  };
}

/** Keys are written as in the JSON or as in the CSV, in upper or lower case. */
function readSort(text: string, desc: boolean): { by: LeadSortKey; descending: boolean } {
  const name = text.replace(/^-/, "");
  const plain = (key: string) => key.replaceAll("_", "").toLowerCase();
  const by = leadSortKeys.find((key) => plain(key) === plain(name));
  if (by !== undefined) return { by, descending: desc || text.startsWith("-") };
  const near = nearestName(name, leadSortKeys);
  throw new CmoError("usage", `Leads are not sorted by ${JSON.stringify(name)}.`, {
    hint: `${near === null ? "" : `Did you mean ${near}? `}There are ${leadSortKeys.join(", ")}; -score is the greatest first.`,
  });
}

/** A table has its widths from its rows, and is for people: so many that they can be held at once. */
const mostRows = 1_000;

async function writeTable(
  jobId: string,
  slice: LeadSlice,
  { runtime, context: { terminal } }: { runtime: StoredRuntime; context: CommandContext },
): Promise<void> {
  const most = Math.min(slice.limit ?? mostRows, mostRows);
  const rows: string[][] = [];
  let more = false;
  // One more than is shown tells whether there are more.
  for await (const lead of readLeadSlice(runtime.engine, jobId, { ...slice, limit: most + 1 })) {
    more = rows.length === most;
    if (!more) rows.push(rowOf(lead));
  }
  if (rows.length > 0) await terminal.write(table(columns, rows, terminal.isTty() ? terminal.columns() : 0));
  else terminal.writeError("No leads.\n");
  if (more) {
    const next = (slice.skip ?? 0) + rows.length;
    terminal.writeError(`More with: --skip ${next}; all of them with: --format csv\n`);
  }
}

const columns = [
  { title: "RANK", align: "right" },
  { title: "SCORE", align: "right" },
  { title: "LOGIN", most: 39 },
  { title: "ADDRESS", most: 40 },
  { title: "CONTACT", most: 24 },
  { title: "NAME", most: 28 },
  { title: "REPOSITORY", most: 40 },
] as const;

function rowOf(lead: Lead): string[] {
  return [
    String(lead.rank),
    lead.score.toFixed(1),
    lead.login,
    lead.email ?? "",
    lead.contactable ? "yes" : lead.contactReason.replaceAll("_", " "),
    lead.name ?? "",
    lead.repositories[0]?.name ?? "",
  ].map(cleanText);
}
