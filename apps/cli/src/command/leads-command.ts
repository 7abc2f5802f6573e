import { cleanText, type Lead } from "@cmo/engine";
import { renderLeads, type StoredRuntime } from "@cmo/runtime";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo leads` was told. */
export interface LeadsOptions extends StoreOptions {
  contactable: boolean;
  limit?: number;
  format: "table" | "json" | "csv";
}

/** Prints a job's leads by rank, without anybody who has been suppressed since. JSON and CSV are those of the files. */
export async function leadsCommand(
  jobId: string,
  options: LeadsOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const { contactable, limit, format } = options;
  return withKeptStore(options, context, async (runtime) => {
    const { status, finishedAt } = await findJob(runtime, jobId);
    if (finishedAt === null) {
      terminal.writeError(`The job is ${status}: its leads are there when it has ended.\n`);
    }
    if (format === "table") {
      await writeTable(jobId, options, { runtime, context });
      return exitCode.done;
    }
    for await (const text of renderLeads({ engine: runtime.engine, jobId, format, contactable, limit })) {
      if (terminal.closed.aborted) break;
      await terminal.write(text);
    }
    return exitCode.done;
  });
}

/** A table has its widths from its rows, and is for people: so many that they can be held at once. */
const mostRows = 1_000;

async function writeTable(
  jobId: string,
  { contactable, limit = mostRows }: LeadsOptions,
  { runtime, context: { terminal } }: { runtime: StoredRuntime; context: CommandContext },
): Promise<void> {
  const rows: string[][] = [];
  let left = false;
  for await (const lead of runtime.engine.leads(jobId, contactable ? { contactable } : {})) {
    left = rows.length === Math.min(limit, mostRows);
    if (left) break;
    rows.push(rowOf(lead));
  }
  if (rows.length > 0) await terminal.write(table(columns, rows));
  if (left && limit >= mostRows) {
    terminal.writeError(`The first ${mostRows}; --format csv prints all of them.\n`);
  }
}

const columns = [
  { title: "RANK", align: "right" },
  { title: "SCORE", align: "right" },
  { title: "LOGIN", most: 39 },
  { title: "NAME", most: 28 },
  { title: "ADDRESS", most: 40 },
  { title: "CONTACT", most: 24 },
  { title: "REPOSITORY", most: 40 },
] as const;

function rowOf(lead: Lead): string[] {
  return [
    String(lead.rank),
    lead.score.toFixed(1),
    lead.login,
    lead.name ?? "",
    lead.email ?? "",
    lead.contactable ? "yes" : lead.contactReason.replaceAll("_", " "),
    lead.repositories[0]?.name ?? "",
  ].map(cleanText);
}
