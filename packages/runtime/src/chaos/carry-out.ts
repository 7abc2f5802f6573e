import { exportJob } from "../export/export-job.ts";
import type { RehearsalPlan, RehearsedProcess } from "./rehearsal.ts";

/**
 * What every process of a rehearsal does: puts the job in unless it is there, works on it until it has ended, and writes
 * its files into the folder.
 */
export async function carryOut(
  { runtime, writeFile }: RehearsedProcess,
  plan: Pick<RehearsalPlan, "jobId" | "specFor">,
  directory: string,
): Promise<void> {
  const { engine } = runtime;
  const { jobId } = plan;
  const found = await engine.job(jobId);
  const job = found ?? (await engine.submit(await plan.specFor(runtime), { jobId }));
  await engine.attend(jobId);
  if (!job.spec.dryRun) await exportJob({ engine, jobId, directory, writeFile });
}
