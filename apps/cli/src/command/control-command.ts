import type { Job } from "@cmo/engine";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, jobCommand, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What can be asked of a job. */
export type ControlVerb = "pause" | "resume" | "cancel" | "retry";

/**
 * Asks something of a job, whichever process has it; says what will happen. `retry` prints the new job's id, and
 * nothing else, to stdout. @throws CmoError `not_found`, `conflict`.
 */
export async function controlCommand(
  verb: ControlVerb,
  jobId: string,
  options: StoreOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withKeptStore(options, context, async (runtime) => {
    await findJob(runtime, jobId);
    const job = await runtime.engine[verb](jobId);
    if (verb === "retry") await terminal.write(`${job.id}\n`);
    terminal.writeError(`${said(verb, job, options)}\n`);
    return exitCode.done;
  });
}

function said(verb: ControlVerb, job: Job, options: StoreOptions): string {
  const goOn = jobCommand("run --resume", job.id, options);
  switch (verb) {
    case "pause":
      return job.status === "paused"
        ? `Paused. To go on: ${goOn}`
        : `Pausing: the process that has the job stops it within a second. To go on: ${goOn}`;
    case "resume":
      return job.status === "queued"
        ? `Queued: a worker goes on with it. To go on here: ${goOn}`
        : "It goes on: the pause had not begun.";
    case "cancel":
      return job.status === "cancelled"
        ? `Cancelled. What it found is written with: ${jobCommand("export", job.id, options)}`
        : "Cancelling: the process that has the job stops it within a second, and keeps what was found.";
    case "retry":
      return `Queued as a new job: a worker takes it. To work on it here: ${goOn}`;
    default:
      return verb satisfies never;
  }
}
