import { cleanText, renderSummary } from "@cmo/engine";
import { jobFacts, statusText } from "../view/job-facts.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo show JOB` was told. */
export interface ShowJobOptions extends StoreOptions {
  emoji: boolean;
  output: "text" | "json";
}

/** Shows what a job has come to, at any time. */
export async function showCommand(
  jobId: string,
  options: ShowJobOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withKeptStore(options, context, async (runtime) => {
    const job = await findJob(runtime, jobId);
    const summary = await runtime.engine.summary(jobId);
    if (options.output === "json") {
      const { progress } = job.snapshot;
      await terminal.write(`${JSON.stringify({ job: jobFacts(job), progress, summary })}\n`);
      return exitCode.done;
    }
    const { percent, stage } = job.snapshot.progress;
    const at = stage === null || job.finishedAt !== null ? "" : `, at ${cleanText(stage)}`;
    const attempt = job.attempt > 1 ? `, attempt ${job.attempt}` : "";
    const parent = job.parentJobId === null ? "" : `, a retry of ${job.parentJobId}`;
    const width = terminal.isTty() && terminal.columns() > 0 ? terminal.columns() : 100;
    await terminal.write(
      `${job.id}  ${cleanText(job.spec.name)}: ${statusText(job)}, ${percent}%${at}${attempt}${parent}\n\n` +
        renderSummary(summary, { emoji: options.emoji, width }),
    );
    return exitCode.done;
  });
}
