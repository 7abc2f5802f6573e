import type { CampaignService, LeadFileQuery } from "@cmo/contract";
import { cleanText, type Lead, leadSchema } from "@cmo/engine";
import { readLeadSort } from "@cmo/runtime";
import * as v from "valibot";
import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { textOf } from "../place/text-of.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo leads` was told. */
export interface LeadsOptions extends PlaceOptions {
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
  const { format } = options;
  const query = queryOf(options);
  return withCampaigns(options, context, async (campaigns) => {
    const { status, finishedAt } = await findJob(campaigns, jobId);
    if (finishedAt === null) {
      terminal.writeError(`The job is ${status}: its leads are there when it has ended.\n`);
    }
    if (format === "table") {
      await writeTable(jobId, query, { service: campaigns.service, context });
      return exitCode.done;
    }
    const { pieces } = await campaigns.service.leadsFile(jobId, format, query);
    for await (const text of textOf(pieces)) {
      if (terminal.closed.aborted) break;
      await terminal.write(text);
    }
    return exitCode.done;
  });
}

function queryOf(options: LeadsOptions): LeadFileQuery {
  const { contactable, minScore, search, sort, desc, skip, limit } = options;
  return {
    ...(contactable ? { contactable } : {}),
    ...(minScore === undefined ? {} : { minScore }),
    ...(search === undefined || search === "" ? {} : { search }),
    ...(sort === undefined && !desc ? {} : { sort: sortOf(sort ?? "rank", desc) }),
    ...(skip === 0 ? {} : { skip }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function sortOf(text: string, desc: boolean): string {
  const { by, descending } = readLeadSort(text, { descending: desc });
  return descending ? `-${by}` : by;
}

/** A table has its widths from its rows, and is for people: so many that they can be held at once. */
const mostRows = 1_000;

async function writeTable(
  jobId: string,
  query: LeadFileQuery,
  { service, context: { terminal } }: { service: CampaignService; context: CommandContext },
): Promise<void> {
  const most = Math.min(query.limit ?? mostRows, mostRows);
  // One more than is shown tells whether there are more.
  const { pieces } = await service.leadsFile(jobId, "ndjson", { ...query, limit: most + 1 });
  let lines = "";
  for await (const text of textOf(pieces)) lines += text;
  const leads = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => v.parse(leadSchema, JSON.parse(line)));
  const rows = leads.slice(0, most).map(rowOf);
  if (rows.length > 0) await terminal.write(table(columns, rows, terminal.isTty() ? terminal.columns() : 0));
  else terminal.writeError("No leads.\n");
  if (leads.length > most) {
    const next = (query.skip ?? 0) + rows.length;
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
