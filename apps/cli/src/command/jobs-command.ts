import { CmoError, cleanText, type Job, type JobStatus } from "@cmo/engine";
import { ageText } from "../view/age-text.ts";
import { jobFacts, statusText } from "../view/job-facts.ts";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, type StoreOptions, withKeptStore } from "./with-store.ts";

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
  return withKeptStore(options, context, async (runtime) => {
    const list = (limit: number, after?: string) =>
      runtime.store.listJobs({
        limit,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
      });
    if (options.after !== undefined) await findJob(runtime, options.after);
    const jobs = await list(options.limit, options.after);
    if (options.output === "json") {
      await terminal.write(jobs.map((job) => `${JSON.stringify(jobFacts(job))}\n`).join(""));
      return exitCode.done;
    }
    if (jobs.length === 0) terminal.writeError(`${noJobs(options)}\n`);
    else
      await terminal.write(
        table(
          columns,
          jobs.map((job) => rowOf(job, host.clock.now())),
          terminal.isTty() ? terminal.columns() : 0,
        ),
      );
    const last = jobs.at(-1);
    if (last !== undefined && jobs.length === options.limit && (await list(1, last.id)).length > 0) {
      terminal.writeError(`More with: --after ${last.id}\n`);
    }
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

function rowOf(job: Job, now: number): string[] {
  const { progress, summary } = job.snapshot;
  return [
    job.id,
    statusText(job, now),
    `${progress.percent}%`,
    `${summary.counts.contactable ?? "–"}/${job.spec.targetLeads}`,
    ageText(now - job.createdAt),
    cleanText(job.spec.name),
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
