import { CmoError, cleanText, type Job, type JobStatus } from "@cmo/engine";
import { ageText } from "../view/age-text.ts";
import { jobFacts, statusText } from "../view/job-facts.ts";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo jobs` was told. */
export interface JobsOptions extends StoreOptions {
  status?: readonly string[];
  limit: number;
  after?: string;
  output: "text" | "json";
}

/** Lists jobs, the newest first: a table, or one JSON object a line. */
export async function jobsCommand(options: JobsOptions, context: CommandContext): Promise<number> {
  const { terminal, host } = context;
  const status = options.status?.map(readStatus);
  return withKeptStore(options, context, async ({ store }) => {
    const found = await store.listJobs({
      // One more than is shown tells whether there are more.
      limit: Math.min(1_000, options.limit + 1),
      ...(status === undefined ? {} : { status }),
      ...(options.after === undefined ? {} : { after: options.after }),
    });
    const jobs = found.slice(0, options.limit);
    if (options.output === "json") {
      await terminal.write(jobs.map((job) => `${JSON.stringify(jobFacts(job))}\n`).join(""));
      return exitCode.done;
    }
    if (jobs.length === 0) terminal.writeError("No jobs. A campaign is run with: cmo run --config FILE\n");
    else
      await terminal.write(
        table(
          columns,
          jobs.map((job) => rowOf(job, host.clock.now())),
        ),
      );
    if (found.length > jobs.length) terminal.writeError(`More with: --after ${jobs.at(-1)?.id}\n`);
    return exitCode.done;
  });
}

const columns = [
  { title: "JOB" },
  { title: "STATUS" },
  { title: "NAME", most: 32 },
  { title: "DONE", align: "right" },
  { title: "LEADS", align: "right" },
  { title: "AGE", align: "right" },
] as const;

function rowOf(job: Job, now: number): string[] {
  const { progress, summary } = job.snapshot;
  return [
    job.id,
    statusText(job),
    cleanText(job.spec.name),
    `${progress.percent}%`,
    `${summary.counts.contactable ?? "–"}/${job.spec.targetLeads}`,
    ageText(now - job.createdAt),
  ];
}

const statuses: readonly JobStatus[] = ["queued", "running", "paused", "completed", "failed", "cancelled"];

function readStatus(text: string): JobStatus {
  const status = statuses.find((one) => one === text);
  if (status !== undefined) return status;
  throw new CmoError("usage", `There is no status ${JSON.stringify(text)}.`, {
    hint: `Use ${statuses.join(", ")}, with commas between them.`,
  });
}
