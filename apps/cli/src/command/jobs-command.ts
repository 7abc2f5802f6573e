import { type JobView, jobStatuses } from "@cmo/contract";
import { CmoError, cleanText, formatDuration, type JobStatus } from "@cmo/engine";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { ageText } from "../view/age-text.ts";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo jobs` was told. */
export interface JobsOptions extends PlaceOptions {
  status?: readonly string[];
  limit: number;
  after?: string;
  output: "text" | "json";
}

/** Lists jobs, the newest first: a table, or one JSON object a line. */
export async function jobsCommand(options: JobsOptions, context: CommandContext): Promise<number> {
  const { terminal, host } = context;
  const { limit, after, output } = options;
  const status = options.status?.map(readStatus);
  return withCampaigns(options, context, async ({ service }) => {
    const { jobs, unreadable = [], next } = await service.jobs({ limit, after, status });
    if (output === "json") {
      const lines = [...jobs, ...unreadable].map((job) => `${JSON.stringify(job)}\n`);
      await terminal.write(lines.join(""));
      return exitCode.done;
    }
    for (const { error } of unreadable) terminal.writeError(`Left out: ${error.message}\n`);
    if (jobs.length === 0 && unreadable.length === 0) terminal.writeError(`${noJobs(options)}\n`);
    else if (jobs.length > 0)
      await terminal.write(
        table(
          columns,
          jobs.map((job) => rowOf(job, host.clock.now())),
          terminal.isTty() ? terminal.columns() : 0,
        ),
      );
    if (next !== null) terminal.writeError(`More with: --after ${next}\n`);
    return exitCode.done;
  });
}

function noJobs({ status, after }: JobsOptions): string {
  if (after !== undefined) return "No jobs behind that one.";
  if (status !== undefined) return `No jobs that are ${status.join(" or ")}.`;
  return "No jobs. A campaign is run with: cmo run --config FILE";
}

const columns = [
  { title: "JOB" },
  { title: "STATUS" },
  { title: "DONE", align: "right" },
  { title: "LEADS", align: "right" },
  { title: "AGE", align: "right" },
  { title: "NAME", most: 32 },
] as const;

function rowOf(job: JobView, now: number): string[] {
  return [
    job.id,
    stateText(job, now),
    `${job.percent}%`,
    `${job.contactable ?? "–"}/${job.targetLeads}`,
    ageText(now - Date.parse(job.createdAt)),
    cleanText(job.name),
  ];
}

function stateText({ state, notBefore }: JobView, now: number): string {
  if (state !== "scheduled" || notBefore === null) return state;
  return `${state}, in ${formatDuration(Date.parse(notBefore) - now)}`;
}

function readStatus(text: string): JobStatus {
  const status = jobStatuses.find((one) => one === text);
  if (status !== undefined) return status;
  throw new CmoError("usage", `There is no status ${JSON.stringify(text)}.`, {
    hint: `Use ${jobStatuses.join(", ")}, with commas between them.`,
  });
}
