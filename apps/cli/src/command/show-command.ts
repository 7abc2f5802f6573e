import { access } from "node:fs/promises";
import { type Job, renderSummary } from "@cmo/engine";
import type { StoredRuntime } from "@cmo/runtime";
import { reportWidth } from "../renderer/open-renderer.ts";
import { type JobSurroundings, jobDetail } from "../view/job-detail.ts";
import { instant, jobFacts } from "../view/job-facts.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo show JOB` was told. */
export interface ShowJobOptions extends StoreOptions {
  emoji: boolean;
  output: "text" | "json";
}

/** Shows what a job has come to and how it stands, at any time. */
export async function showCommand(
  jobId: string,
  options: ShowJobOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, host } = context;
  return withKeptStore(options, context, async (runtime) => {
    const job = await findJob(runtime, jobId);
    const summary = await runtime.engine.summary(jobId);
    const surroundings = await surroundingsOf(job, runtime);
    if (options.output === "json") {
      const { progress } = job.snapshot;
      const { store, checkpointBytes, files } = surroundings;
      const lease =
        job.leaseOwner === null ? null : { worker: job.leaseOwner, until: instant(job.leaseUntil) };
      const facts = { ...jobFacts(job), epoch: job.epoch, lease, checkpointBytes, store, files };
      await terminal.write(`${JSON.stringify({ job: facts, progress, summary })}\n`);
      return exitCode.done;
    }
    const width = reportWidth(context);
    const detail = jobDetail(job, surroundings, host.clock.now());
    await terminal.write(`${detail}\n${renderSummary(summary, { emoji: options.emoji, width })}`);
    return exitCode.done;
  });
}

async function surroundingsOf(
  { id }: Job,
  { store, location, leaseMs }: StoredRuntime,
): Promise<JobSurroundings> {
  const checkpoint = await store.readCheckpoint(id);
  const files = await store.readFiles(id);
  return {
    leaseMs,
    store: location.type === "file" ? location.path : location.type,
    checkpointBytes: checkpoint === null ? null : Buffer.byteLength(checkpoint),
    files: await Promise.all(files.map(async ({ path }) => ({ path, there: await isThere(path) }))),
  };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
